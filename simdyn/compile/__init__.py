"""The compiler: one stage a file, read -> lower -> order."""
