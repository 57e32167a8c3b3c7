"""The LLVM backend: a program compiled to vector code, a file a stage.

graph     values of a model, equal ones once, numbers folded
build     Program -> graph
rewrite   fewer divisions, powers and roundings
plan      which value is found when: before the run, of time alone, in a step, when saving
draft     a module in the making, and the arrays that its functions share
parts     functions that find values: operations of a few instructions, maths (exp, log, power and
          their kin), lookups, chance (random numbers)
moves     functions that move states from step to step
run       loops over groups of members and steps
emit      plan -> IR, by the four before
jit       IR -> machine code
kernel    blocks of members over threads
"""
