# Names for numbers. A TorchScript archive has no constants of its own; the name is replaced by its number when the archive is written.

# PyTorch's scalar types, c10::ScalarType. Java's ScalarType has the same numbers.
UINT8 = 0
INT8 = 1
INT32 = 3
INT64 = 4
FLOAT16 = 5
FLOAT32 = 6
FLOAT64 = 7
BOOL = 11
BFLOAT16 = 15

# The stored forms of a weight. Java's WeightFormats have the same ids.
DENSE = 0
AFFINE_INT8 = 1
NF4 = 3
NF4_DOUBLE = 4
AFFINE_INT4 = 5
PACKED_INT4 = 7
Q4_1 = 8

# What stands where in a weight's descriptor, a float64 tensor on the CPU.
FORMAT = 0
ROWS = 1
COLUMNS = 2
# How many auxiliary tensors (scales, minima, codebook, absmax) follow the weight.
AUXILIARY = 3
# What is added to a stored value before it is scaled.
OFFSET = 4
# How many weights share a scale.
GROUP_SIZE = 5
