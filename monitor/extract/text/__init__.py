"""How the words of an article are got: the trained pipeline, sentences, furniture, language."""
