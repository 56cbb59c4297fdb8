"""`cascod lm-eval`: lm-eval's own command line, which then knows our students."""

from __future__ import annotations

import argparse
import sys

NAME = "lm-eval"
HELP = "lm-eval's own command with the model `cascod`, which asks a student by its own protocol"
EPILOG = """\
Everything behind `lm-eval` is lm-eval's, for example:

  cascod lm-eval run --model cascod --model_args pretrained=CHECKPOINT \\
    --include_path "$(cascod tasks --path)" --tasks cascod_arc_easy \\
    --batch_size 32 --log_samples --output_path DIR

lm-eval takes a GPU unless it is told --device cpu. Further --model_args:
max_rationale_tokens, max_answer_tokens, precision, and method for a student
that carries no protocol; with engine=server,base_url=URL a server answers.
Releases of lm-eval after 0.4.13 find the model without this command.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "arguments", metavar="ARGUMENTS", nargs=argparse.REMAINDER, help="as lm-eval takes them"
    )


def run(args: argparse.Namespace) -> int:
    """Register the model and hand over."""
    from lm_eval.__main__ import cli_evaluate

    import harness.evaluation.lm_eval_model  # noqa: F401  registers the model

    sys.argv = ["lm_eval", *args.arguments]
    cli_evaluate()
    return 0
