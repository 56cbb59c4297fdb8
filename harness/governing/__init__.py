"""What a team has to be able to say of its data: origin, terms, personal data, who learned them;
and of its claims: what they rest on, packed so that others can check it.
"""
