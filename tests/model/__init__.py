"""A second opinion on the pay rules: small, slow, plain Python, written from the rules' text alone.

It shares no code with `payroll` or `repository`, and not their way of thinking either: money is whole cents in `int`,
percent are whole hundredths, and every figure is worked out from everything there is, each time anew. The only states
it keeps are those the rules call kept: terms, bonuses, the rank held, what was told and drawn.
"""
