"""What things are: frozen nouns that know no file and no clock."""
