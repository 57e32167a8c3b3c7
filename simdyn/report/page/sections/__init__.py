"""What fills the page's templates: rows of each section in one language."""
