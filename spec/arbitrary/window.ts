import fc from 'fast-check'

/** Images, a kernel that fits into them, and how it slides. */
export const slidings = fc
  .record({
    batch: fc.integer({ min: 0, max: 2 }),
    channels: fc.integer({ min: 0, max: 2 }),
    kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    more: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })),
    stride: fc.oneof(
      fc.integer({ min: 1, max: 3 }),
      fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    ),
    padding: fc.oneof(
      fc.integer({ min: 0, max: 2 }),
      fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
      fc.constantFrom('same' as const, 'valid' as const),
    ),
  })
  .map(({ batch, channels, kernel, more, stride, padding }) => ({
    image: [batch, kernel[0] + more[0], kernel[1] + more[1], channels] as const,
    kernel,
    stride,
    padding,
  }))
