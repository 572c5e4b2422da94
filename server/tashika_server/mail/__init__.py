"""Mail: what a notice says in each language, the message made of it, and the way to the mail server by SMTP."""
