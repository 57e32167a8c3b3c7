"""Lower PySD's AbstractModel to our own nodes: unrolled, delays as stocks, macros inlined.

A file a matter: ``sources`` lists the author's equations, ``subscripts`` knows ranges and mappings,
``scope`` says what is in sight where an expression stands, ``workshop`` lowers one expression with
the handler of its node's type, and the other files hold those handlers. What the compiler does not
know is refused by its variable and line.
"""

from simdyn.compile.lower.program import lower

__all__ = ["lower"]
