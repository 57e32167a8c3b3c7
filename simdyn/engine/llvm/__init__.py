"""The LLVM backend: a program compiled to vector code, a file a stage.

graph     values of a model, equal ones once, numbers folded
build     Program -> graph
rewrite   fewer divisions, powers and roundings
plan      which value is found when: before the run, of time alone, in a step, when saving
maths     vector exp, log, power and their kin as IR
emit      plan -> IR
jit       IR -> machine code
kernel    blocks of members over threads
"""
