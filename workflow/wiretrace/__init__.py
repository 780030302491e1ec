"""wiretrace: trace articles to the releases, distributors and operators they came from."""
