"""What you can do: a verb a file, each a function that takes nouns and answers nouns."""
