import fc from 'fast-check'

const pair = (min: number, max: number) =>
  fc.oneof(fc.integer({ min, max }), fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })))

/** Images, a kernel that fits into them, and how it slides. */
export const slidings = fc
  .record({
    batch: fc.integer({ min: 0, max: 2 }),
    channels: fc.integer({ min: 0, max: 2 }),
    kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    more: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })),
    stride: pair(1, 3),
    dilation: pair(1, 3),
    padding: fc.oneof(pair(0, 2), fc.constantFrom('same' as const, 'valid' as const)),
  })
  .map(({ batch, channels, kernel, more, stride, dilation, padding }) => {
    const [down, right] = [dilation, dilation].flat() as [number, number]
    const [height, width] = [(kernel[0] - 1) * down + 1 + more[0], (kernel[1] - 1) * right + 1 + more[1]]
    return { image: [batch, height, width, channels] as const, kernel, stride, dilation, padding }
  })
