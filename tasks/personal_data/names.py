"""Names of people and places, as Presidio finds them with a spaCy model (extra `pii`)."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.errors import UserError
from tasks.personal_data.finding import Finder, Finding, Kind

_ENTITIES: dict[str, Kind] = {"PERSON": "person", "LOCATION": "place"}


def name_finder(model: str) -> Finder:
    """A finder of names by an installed spaCy model, e.g. en_core_web_lg; it tells the language.

    UserError where Presidio or the model is not installed; nothing is downloaded.
    """
    try:
        import spacy
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
        from presidio_analyzer.nlp_engine import NlpEngineProvider
        from presidio_analyzer.predefined_recognizers import SpacyRecognizer
    except ModuleNotFoundError as error:
        raise UserError(
            f"names need {error.name}: `pip install '.[pii]'` in the checkout"
        ) from None
    if not spacy.util.is_package(model):
        raise UserError(
            f"{model}: no such spaCy model is installed; `python -m spacy download {model}`"
        )
    language = str(spacy.util.get_package_path(model).name).split("_")[0]
    engine = NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": language, "model_name": model}],
        }
    ).create_engine()
    registry = RecognizerRegistry(supported_languages=[language])
    registry.add_recognizer(SpacyRecognizer(supported_language=language))
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=[language])

    def names(text: str) -> Iterator[Finding]:
        for found in analyzer.analyze(text, language=language, entities=list(_ENTITIES)):
            name = text[found.start : found.end]
            yield Finding(_ENTITIES[found.entity_type], found.start, found.end, name.casefold())

    return names
