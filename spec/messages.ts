// What a user reads when shapes do not fit: the compiler's own words for programs that must not compile.
import t from 'tap'
import { run } from './support/run.ts'

t.test('errors are sentences', async (t) => {
  const { stdout } = await run('node_modules/.bin/tsc', ['-p', 'spec/type/refused', '--pretty', 'false'])
  const found = stdout.replaceAll('spec/type/refused/', '')
  const line = (file: string, text: string) =>
    t.match(found, new RegExp(`${file}\\(.*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`), text)
  line('layers.ts', '"takes [64], but the layer before gives [128]"')
  line(
    'layers.ts',
    `"'W' is the name of an earlier parameter: wrap one of the two in named(…)" | "'b' is the name of an earlier parameter`,
  )
  line('layers.ts', `"'L' is the name of an earlier layer: give one of the two another name"`)
  line('layers.ts', '"takes [700], but the layer before gives [28]"')
  line('layers.ts', '"takes [other], but the layer before gives [hidden]"')
  line('layers.ts', '"takes [32], but the layer before gives [hidden]"')
  line('layers.ts', '"takes [784], but the layer before gives [28, 28]"')
  line('layers.ts', '"takes [?, ?, 3], but the layer before gives [28, 28, 1]"')
  line('layers.ts', '"a window [5, 5] is larger than the image [3, 3, 1] with its padding"')
  line('layers.ts', '"takes [784], but the layer before gives [3136]"')
  line('layers.ts', '"2 groups do not divide 3 channels"')
  line('layers.ts', '"4 groups do not divide 6 kernels"')
  line('layers.ts', '"a window [3, 3] dilated by [2, 2] is larger than the image [4, 9, 1] with its padding"')
  line('layers.ts', '"a window [5] is larger than the sequence [4, 2] with its padding"')
  line('layers.ts', '"layers in a list are composed by stack(list), if all have one type; else give them one by one"')
  line('layers.ts', '"takes int32 […], but the layer before gives [16]"')
  line('layers.ts', '"3 heads do not divide a width of 16"')
  line('graphs.ts', '"takes [6], but another branch takes [5]"')
  line('graphs.ts', '"takes tensors of one shape, but the layer before gives { a: [4], b: [3] }"')
  line(
    'graphs.ts',
    '"takes tensors that differ in their last size only, but the layer before gives { a: [2, 3], b: [4, 5] }"',
  )
  line('graphs.ts', '"takes a record of tensors, but the layer before gives [4]"')
  line('graphs.ts', '"a residual branch gives back what it takes, [5], and not [4]"')
  line('graphs.ts', '"gives [4], which the next one does not take: it takes [5]"')
  line('graphs.ts', '"an example of [6] has 6 entries, one of [2, 4] has 8"')
  line('graphs.ts', '"splits a last size of 5, but the layer before gives [6]"')
  line('graphs.ts', '"takes [4], but is given [3]"')
  line('graphs.ts', '"takes [4], but is given [5]"')
  line('graphs.ts', '"takes { a: [4] }, but the layer before gives { a: [4], b: [4] }"')
  line('normalization.ts', '"takes […, 64], but the layer before gives [128]"')
  line('normalization.ts', '"takes […, 4], but the layer before gives [26, 26, 8]"')
  line('normalization.ts', '"takes […, 5, 4], but the layer before gives [6, 4]"')
  line('normalization.ts', '"takes […, 6, 4], but the layer before gives [4]"')
  line('normalization.ts', '"takes one tensor, but the layer before gives { a: [2], b: [2] }"')
  line('normalization.ts', `"'scale' is the name of an earlier parameter: wrap one of the two in named(…)"`)
  const names = `'"enc"' is not assignable to parameter of type '"L1" | "L1.W" | "L1.b" | "L2" | "L2.W" | "L2.b"'.`
  t.ok(found.includes(`Argument of type ${names}`), 'the names that there are, and no others')
  line('training.ts', `"'L2.b' is [4], but 'L1.W' is [3, 4]"`)
  line('training.ts', `"'L2' is a record, but 'L1.W' is [3, 4]"`)
  line('training.ts', `"'L1.W' is the first name"`)
  const options = found.match(/training\.ts.*error TS2561: .*'gaurd' does not exist .*Did you mean to write 'guard'/g)
  t.equal(options?.length, 2, 'a misspelt option is the error')
  line('training.ts', `error TS2820: Type '"non"' is not assignable to type '"loss" | "none" | "updates" | undefined'`)
  const unknown = found.match(
    /Tensor<.*> & "the sizes of this tensor are not known here: use shaped\(x, \[-1, 784\]\)"/g,
  )
  t.equal(unknown?.length, 2, 'sizes and a rank that only the program knows')
  t.match(found, /"takes \[batch, 784\], but is given \[4, 100\]"/)
  t.match(found, /"takes \[batch, 784\], but is given \[784\]"/)
  t.match(found, /"needs the shape \[2, 3\] of the first, but is given \[3, 2\]"/)
  t.match(found, /"\[2, 3\] times \[2, 3\]: the inner sizes differ"/)
  t.match(found, /"\[2, 3\] has 6 entries, \[4, 2\] has 8"/)
  t.match(found, /"needs float32, as the first, but is given float64"/)
  t.match(found, /operations.ts\(.*Argument of type '2' is not assignable to parameter of type '-2 \| -1 \| 0 \| 1/)
  t.match(found, /'Tensor<readonly \[2, 3\], Float>' is not assignable to parameter of type 'Tensor<.*"int32">'/)
  t.match(found, /initializers\.ts\([\s\S]*"no parameter has the path 'L3\.W'"/)
  const refused = new Set(found.match(/^(layers|operations|graphs)\.ts\(\d+/gm))
  t.equal(refused.size, 37, 'every line is refused, and no other')
})
