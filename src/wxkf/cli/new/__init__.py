"""`wxkf new`: a project of one's own, from files that stand beside this one and are checked like any code."""
