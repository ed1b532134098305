"""How the weights of several phases become one pipeline."""

import pytest
import spacy
from spacy.training import Example

from training import parse_stage


def pipeline(bias):
    nlp = spacy.blank("en")
    tagger = nlp.add_pipe("tagger", config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": {
        "@architectures": "spacy.HashEmbedCNN.v2", "pretrained_vectors": None, "width": 4, "depth": 1,
        "embed_size": 10, "window_size": 1, "maxout_pieces": 2, "subword_features": False}}})  # fmt: skip
    doc = nlp.make_doc("Rockets fell")
    nlp.initialize(lambda: [Example.from_dict(doc, {"tags": ["NNS", "VBD"]})])
    output = tagger.model.get_ref("softmax")
    output.set_param("b", output.get_param("b") + bias)
    return nlp


def biases(nlp):
    return nlp.get_pipe("tagger").model.get_ref("softmax").get_param("b").tolist()


def test_the_mean_lies_between_what_the_phases_end_with():
    models = [pipeline(1.0), pipeline(2.0), pipeline(6.0)]
    assert biases(parse_stage.mean(models)) == pytest.approx([3.0, 3.0])
