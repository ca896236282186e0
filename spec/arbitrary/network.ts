import fc from 'fast-check'
import { makers } from './maker.ts'
import { chain, composed, links, type Network, type Piece } from './piece.ts'

export interface NetworkOptions {
  /** Differentiable everywhere. */
  readonly smooth?: boolean
  /** Each example by itself, whatever others there are. */
  readonly rowwise?: boolean
}

/** Pieces of random networks, combinators within combinators to some depth. */
export const pieces = ({ smooth = false, rowwise = false }: NetworkOptions = {}): fc.Arbitrary<Piece> => {
  const fit = makers.filter(({ kinked, mixing }) => !(smooth && kinked) && !(rowwise && mixing))
  return fc.letrec<{ piece: Piece }>((tie) => {
    const parts = fc.array(tie('piece'), { minLength: 1, maxLength: 3 }).map((of) => chain(...of))
    const of = (built: boolean) => fit.filter((maker) => (maker.built === true) === built).map((m) => m.pieces(parts))
    return {
      piece: fc.oneof(
        { maxDepth: 2, withCrossShrink: true },
        { weight: 2, arbitrary: fc.oneof({ withCrossShrink: true }, ...of(false)) },
        { weight: 1, arbitrary: fc.oneof(...of(true)) },
      ),
    }
  }).piece
}

const widths = fc.integer({ min: 1, max: 5 })

/** Random networks as lists of their layers, up to eight one after the other. */
export const layerLists = (options?: NetworkOptions): fc.Arbitrary<readonly Network[]> =>
  fc.tuple(fc.array(pieces(options), { minLength: 1, maxLength: 8 }), widths).map(([of, input]) => links(of, input))

/** Random networks that fit, up to eight layers deep, whose layers may be networks themselves. */
export const networks = (options?: NetworkOptions): fc.Arbitrary<Network> =>
  layerLists(options).map((parts) => composed(parts, parts[0]?.input as number))
