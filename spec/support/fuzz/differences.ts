// Where a file is read here and refused elsewhere, or the other way about, and why that is meant.

/** What readers made of a file: 'read', or the reason and the message of the one that refused it. */
export interface Difference {
  readonly ours: RegExp
  readonly theirs: RegExp
  readonly why: string
}
const weRefuse = (reason: string, why: string): Difference => ({
  ours: new RegExp(`^(${reason}): `),
  theirs: /^read$/,
  why,
})
const theyRefuse = (theirs: RegExp, why: string): Difference => ({ ours: /^read$/, theirs, why })

const arrays = [
  weRefuse('TrailingBytes', 'NumPy reads over what is behind the numbers'),
  weRefuse('UnsupportedNumbers', 'complex numbers, texts, dates and records, and formats without an order of bytes'),
  weRefuse('OutOfRange', 'whole numbers beyond int32, and truth values beyond 1, have no tensor'),
  weRefuse('DuplicateName', 'Python takes the last of two equal names'),
  weRefuse('BadHeader', 'headers may be any literal in Python, with escapes and comments, and end with any character'),
  weRefuse('BadShape', 'Python takes True for 1, and NumPy arrays of a size that is none'),
]

export const differences: { readonly [kind in 'npy' | 'npz' | 'onnx']: readonly Difference[] } = {
  npy: arrays,
  npz: [
    ...arrays,
    weRefuse('BadEntry|WrongSize', 'zipfile believes the list at the end: what entries say themselves may differ'),
    weRefuse('Hole|Overlap|BadOffsets|Truncated', 'zipfile looks for entries wherever the list may be meant to point'),
    weRefuse('Unsupported', 'zipfile reads over flags, disks and versions'),
    weRefuse('OtherFormat', 'NumPy gives the bytes of an entry that is no array'),
    weRefuse('NotUtf8', 'zipfile takes other names for texts of old computers'),
  ],
  onnx: [
    theyRefuse(/ir_version is higher than the checker's/, 'the version of the format changes nothing that is read'),
    theyRefuse(/IR version < 3 cannot have opset_import/, 'a version of the operators is needed, whatever the format'),
    theyRefuse(
      /Field 'shape' of 'type'|Unrecognized type value|Field 'type' of 'value_info'/,
      'sizes follow from the graph',
    ),
    theyRefuse(/Field 'name' of '(graph|value_info)'/, 'no name is needed of a graph'),
    theyRefuse(/Field 'op_type' of 'node'/, 'nodes that lead to no output are not looked at'),
    theyRefuse(/Attribute '.*' is expected to have field/, 'a list without entries is one'),
    theyRefuse(/Field 'type' of 'attr'/, 'what an attribute holds tells its kind'),
    weRefuse(
      'BadHeader|OtherVersion',
      'the checker looks for no version of operators that no node needs, nor at how old it is',
    ),
    weRefuse('BadData|MissingName', 'the checker asks for no outputs, nor for nodes that give them'),
    weRefuse('WrongSize|BadShape', 'the checker does not count the numbers of tensors'),
    weRefuse('Unsupported|UnsupportedNumbers', 'what the layers here cannot do, or onnx cannot either when it is run'),
    weRefuse('NotUtf8', 'the checker takes any bytes for a text'),
    weRefuse('DuplicateName', 'the checker looks for no texts and no versions of operators of one name'),
  ],
}
