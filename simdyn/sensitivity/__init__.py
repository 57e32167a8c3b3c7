"""What moves what, and how sure that is.

- `designed`: shares of variance from runs of a design (Sobol), sampled until they are settled
- `given`: the same questions put to draws that are there already, correlated as they are
- `regional`: both put to the regions of a study: what is varied, over which ranges, in which years
"""
