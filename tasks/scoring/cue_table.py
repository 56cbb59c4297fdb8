"""The table of cues: the words and marks that announce an answer, one row for each way of doing it.

Scorer and importer read the same table. A new cue is a new row; the tests hold each row to its
example and its near miss.
"""

from __future__ import annotations

from dataclasses import dataclass

_IF = r"(?<!\bif )(?<!whether )"
_SO = r"(?:\b(?:so|therefore|thus|hence|then|finally|consequently|in conclusion)\b,?\s+)?"
_KIND = r"(?:(?:final|correct|right|best)\s+)?"
_INDEED = r"(?:\s+(?:therefore|thus|hence|simply|indeed)\b)?"
# "The answer to the question is how many remain: 9 - 2" only says what is asked.
_TO_IT = r"(?:\s+to\s+(?:the|this)\s+(?:question|problem)(?!\s+is\s+how\b))?"
_COLON = r"\s*+(?:\*\*|__)?\s*+(?=[:：])"
_LINE_START, _LINE_END = r"(?m:^)[ \t]*+", r"[ \t*_:：#]*+(?m:$)"
# "la réponse est la B": an article belongs to the cue where one letter follows it.
_ARTICLE = r"(?:\s+(?:l[aeo]|el)(?=\s+\(?[A-Z]\b))?"


def _heading(words: str) -> str:
    """A Markdown heading, or a line in bold, that holds these words and nothing else."""
    return rf"{_LINE_START}(?:#{{1,6}}|\*\*|__)(?:[^\w\n]|_)*+(?:{words}){_LINE_END}"


@dataclass(frozen=True, slots=True)
class Cue:
    """One way of announcing an answer.

    `pattern` is matched in any case. `stems`, in lower case, are literal texts of which a match
    holds at least one: a text without them is not searched. The answer stands behind the match or,
    where the cue `holds` it, in the pattern's first group. `example` is a text in which the cue is
    found, `near_miss` one in which it is not.
    """

    name: str
    language: str
    pattern: str
    stems: tuple[str, ...]
    example: str
    near_miss: str
    holds: bool = False


# fmt: off
CUES = (
    Cue("prediction tag", "en", r"\[Answer Prediction\]\s*:?", ("[answer prediction]",),
        "[Answer Prediction]: 4", "Answer Prediction is hard."),
    Cue("the answer is", "en",
        rf"{_SO}{_IF}\b(?:the|my)\s+{_KIND}answer{_TO_IT}\s+is\b{_INDEED}", ("answer",),
        "So the answer is 4.", "See whether the answer is 4."),
    Cue("answer is, at a sentence's start", "en",
        rf"(?:(?<=[.!?]\s)|{_LINE_START}[>*#-]*+[ \t]*+)"
        rf"(?:(?:final|correct)\s+)?answer\s+is\b{_INDEED}", ("answer",),
        "2 + 2 = 4. Answer is 4.", "No answer is 4."),
    Cue("the best option is", "en",
        rf"{_SO}\bthe\s+(?:correct|right|best)\s+(?:option|choice)\s+is\b",
        ("option", "choice"), "The best option is B.", "The other option is B."),
    Cue("correct option:", "en", rf"\b(?:correct|right|best|final)\s+(?:option|choice){_COLON}",
        ("option", "choice"), "**Correct option**: B", "Options: B"),
    Cue("answer:", "en", rf"\b(?:final\s+|correct\s+)?answer(?:\s+(?:choice|option))?{_COLON}",
        ("answer",), "**Final Answer**: 4", "Answers: 4"),
    Cue("answer as a heading", "en", _heading(rf"(?:the\s+)?{_KIND}answer"), ("answer",),
        "### Final Answer\n4", "### Answering the question\n4"),
    Cue("final answer in a line of its own", "en", rf"{_LINE_START}final\s+answer{_LINE_END}",
        ("answer",), "So:\nFinal Answer\n4", "I will give a\nfinal answer soon"),
    # Four hashes are a heading, too: what they announce starts like an answer or ends the text.
    Cue("####", "en",
        r"(?m:^)####(?!#)"
        r"(?:(?=[ \t]*+\**+[^\w\s*]*+(?:\d(?!\d*+[.):][ \t]+[A-Z])|[A-Z]\b(?!\s*+:)))"
        r"|(?=[^\n]*+\s*+\Z))",
        ("####",), "2 + 2\n#### 4", "#### 1. Add\n2 + 2"),
    Cue("answer tag", "en", r"(?<!`)<answer>((?s:.*?))(?:</answer>|\Z)", ("<answer>",),
        "<answer>4</answer>", "Write `<answer>` first.", holds=True),
    Cue("B is the answer", "en",
        r"\b(?:so|therefore|thus|hence),?\s+"
        r"((?:option\s+)?(?:\([A-Z]\)|\**\b[A-Z]\b\**)|[-$]?\d[\d,.]*+)\s+is\s+"
        r"the\s+(?:(?:correct|right|best|final)\s+)?(?:answer|option|choice)\b",
        ("answer", "option", "choice"), "Therefore, (B) is the correct answer.",
        "Perhaps (B) is the answer.", holds=True),
    Cue("JSON key", "en",
        r"""["'](?:final[_ ]?|correct[_ ]?)?answer["']\s*+:\s*+"""
        r"""("(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|\[[^\[\]\n]*+\]|-?[\w.]++)""",
        ("answer\"", "answer'"), '{"why": "2 + 2", "answer": 4}', '{"answers": 4}', holds=True),
    Cue("row of a table", "en",
        rf"{_LINE_START}\|[ \t]*+\**{_KIND}answer\**[ \t]*+\|([^|\n]++)\|[ \t]*+(?m:$)"
        r"(?!\n[ \t]*+\|[ \t]*+:?-)",
        ("answer",), "| Sum | 2 + 2 |\n| Answer | 4 |", "| Answer | Why |\n|---|---|", holds=True),
    Cue("答えは", "ja",
        r"(?:(?:したがって|従って|よって|ゆえに|つまり|以上より|だから)[、,，]?\s*)?"
        r"(?:最終的な|正しい|最終)?(?:答え|正解|回答|解答)"
        rf"(?:は(?!何|なん|なに|どれ|どう|いくつ|いくら)[、,，]?|{_COLON})",
        ("答え", "正解", "回答", "解答"), "したがって、答えは4です。", "答えは何ですか。"),
    Cue("答え as a heading", "ja", _heading("最終的な答え|最終回答|答え|回答|解答"),
        ("答え", "回答", "解答"), "### 答え\n4", "### 答え方\n4"),
    Cue("答案是", "zh",
        r"(?:(?:所以|因此|因而|综上所述|綜上所述|故|那么|那麼)[，,]?\s*)?"
        r"(?<!如果)(?<!假如)(?<!假设)(?<!若)(?:最[终終后後]的?|正[确確]的?)?"
        r"(?:答案|(?<=正[确確])[选選][项項]|(?<=正[确確]的)[选選][项項])"
        rf"(?:[应應][该該])?(?:[是为為](?!什[么麼]|[哪多谁誰]|否\w)|{_COLON})",
        ("答案", "选项", "選項"), "因此，答案为4。", "答案是什么？"),
    Cue("答案 as a heading", "zh", _heading("最[终終]答案|正[确確]答案|答案"), ("答案",),
        "**最终答案**\n4", "**答案分析**\n4"),
    Cue("la réponse est", "fr",
        r"(?:\b(?:donc|ainsi|alors|par conséquent),?\s+)?(?<!\bsi )\bla\s+(?:bonne\s+)?réponse"
        rf"(?:\s+(?:finale|correcte|exacte))?\s+est\b{_ARTICLE}", ("réponse",),
        "Donc la réponse est 4.", "Si la réponse est 4, il en manque une."),
    Cue("réponse :", "fr", rf"\b(?:bonne\s+)?réponse(?:\s+(?:finale|correcte))?{_COLON}",
        ("réponse",), "Réponse : 4", "Réponses : 4"),
    Cue("die Antwort ist", "de",
        r"(?:\b(?:also|daher|somit|folglich|deshalb)\s+(?:ist|lautet)\s+die\s+"
        r"(?:(?:richtige|korrekte|endgültige)\s+)?antwort\b(?!\s+auf\b)"
        r"|\bdie\s+(?:(?:richtige|korrekte|endgültige)\s+)?antwort\s+(?:ist|lautet)\b)",
        ("antwort",), "Die Antwort lautet 4.", "Wenn die Antwort 4 ist, fehlt eins."),
    Cue("Antwort:", "de", rf"\b(?:(?:richtige|korrekte|endgültige)\s+)?antwort{_COLON}",
        ("antwort",), "Antwort: 4", "Antworten: 4"),
    Cue("la respuesta es", "es",
        r"(?:\b(?:por lo tanto|por tanto|así que|entonces),?\s+)?(?<!\bsi )\bla\s+respuesta"
        rf"(?:\s+(?:final|correcta))?\s+es\b{_ARTICLE}", ("respuesta",),
        "La respuesta es 4.", "Si la respuesta es 4, falta una."),
    Cue("respuesta:", "es", rf"\brespuesta(?:\s+(?:final|correcta))?{_COLON}", ("respuesta",),
        "Respuesta final: 4", "Respuestas: 4"),
    Cue("a resposta é", "pt",
        r"(?:\b(?:portanto|logo|assim|então),?\s+)?(?<!\bse )\ba\s+resposta"
        r"(?:\s+(?:final|correta|certa))?\s+é\b(?:\s+a(?=\s+\(?[A-Z]\b))?", ("resposta",),
        "Portanto, a resposta é 4.", "Se a resposta é 4, falta uma."),
    Cue("resposta:", "pt", rf"\bresposta(?:\s+(?:final|correta))?{_COLON}", ("resposta",),
        "Resposta: 4", "Respostas: 4"),
    Cue("la risposta è", "it",
        r"(?:\b(?:quindi|dunque|pertanto),?\s+)?(?<!\bse )\bla\s+risposta"
        rf"(?:\s+(?:finale|corretta|esatta|giusta))?\s+(?:è|e')(?!\w){_ARTICLE}", ("risposta",),
        "Quindi la risposta è 4.", "Se la risposta è 4, ne manca una."),
    Cue("risposta:", "it", rf"\brisposta(?:\s+(?:finale|corretta))?{_COLON}", ("risposta",),
        "Risposta: 4", "Risposte: 4"),
    Cue("답은", "ko",
        r"(?:(?:따라서|그러므로|그래서),?\s*)?(?:최종\s*)?(?<![가-힣])(?:정답|답)"
        rf"(?:은(?!\s*무엇)|{_COLON})", ("답",),
        "따라서 답은 4입니다.", "답은 무엇일까요?"),
    Cue("ответ:", "ru",
        rf"\b(?:(?:правильный|итоговый|окончательный)\s+)?ответ(?:{_COLON}|\s+[—–-](?=\s))",
        ("ответ",), "Ответ: 4", "Ответы: 4"),
    Cue("الإجابة هي", "ar",
        r"(?:(?:إذن|لذلك|وبالتالي)،?\s+)?(?<!كانت )(?<!كان )(?:ال[إا]جابة|الجواب)"
        rf"(?:\s+(?:النهائية|الصحيحة|النهائي|الصحيح))?(?:\s+(?:هي|هو)(?!\w)|{_COLON})",
        ("الإجابة", "الاجابة", "الجواب"), "إذن الإجابة هي 4.", "إذا كانت الإجابة هي 4 فهناك خطأ."),
    Cue("उत्तर", "hi",
        r"(?:(?:इसलिए|अतः|अत:),?\s+(?:(?:सही|अंतिम)\s+)?(?:उत्तर|जवाब)(?:\s+है)?(?=[\s:])"
        rf"|(?:(?:सही|अंतिम)\s+)?(?:उत्तर|जवाब)(?:\s+है)?{_COLON})", ("उत्तर", "जवाब"),
        "इसलिए उत्तर 4 है।", "यदि उत्तर 4 है तो एक कम है।"),
)
# fmt: on
