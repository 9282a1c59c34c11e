"""The house's rules, checked on the tree, and each rule checked on a planted violation."""
