"""What the children of the tests are told to do; each payload is a word and an argument."""

import os
import signal
import sys
import time

READY = []


def make_ready():
    READY.append(os.getpid())


def fail_to_start():
    msg = "no model here"
    raise RuntimeError(msg)


def spin(_=b""):
    # A loop that never returns to Python's signal handling: only a kill ends it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    while True:
        pass


def eat(_):
    held = []
    while True:
        held.append(bytearray(b"x") * (8 << 20))


def chat(_):
    print("this must not reach the answers")  # noqa: T201
    sys.stdout.flush()
    os.write(1, b"nor this")
    return b"printed"


def fail(argument):
    raise ValueError(argument.decode())


def nap(argument):
    time.sleep(float(argument))
    return b"rested"


def recurse(argument):
    return recurse(argument) + recurse(argument)


ACTS = {
    b"echo": lambda argument: argument,
    b"pid": lambda _: str(os.getpid()).encode(),
    b"ready": lambda _: str(len(READY)).encode(),
    b"big": lambda argument: b"x" * int(argument),
    b"die": lambda argument: os._exit(int(argument)),
    b"segfault": lambda _: os.kill(os.getpid(), signal.SIGSEGV),
    b"print": chat,
    b"raise": fail,
    b"spin": spin,
    b"eat": eat,
    b"deep": recurse,
    b"nap": nap,
}


def act(payload: bytes) -> bytes:
    word, _, argument = payload.partition(b" ")
    return ACTS[word](argument)
