"""People's judgement of rationales: one local page, a journal a reviewer, agreement, reviews."""
