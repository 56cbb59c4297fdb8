"""How sound a rationale is, told without a model: checks, verifiers, a score and its reasons."""
