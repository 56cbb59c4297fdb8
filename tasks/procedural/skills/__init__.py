"""What several families have in common: how an item of a skill is drawn and solved."""
