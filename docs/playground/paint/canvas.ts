// What all pictures on canvases share: the pixels of the screen, and colors of the style sheet.

export interface Sheet {
  readonly context: CanvasRenderingContext2D
  readonly width: number
  readonly height: number
}

/** A canvas whose pixels are those of the screen; undefined while it has no size. */
export const sheetOf = (canvas: HTMLCanvasElement): Sheet | undefined => {
  const { clientWidth: width, clientHeight: height } = canvas
  const context = canvas.getContext('2d')
  if (context === null || width === 0 || height === 0) return undefined
  const ratio = globalThis.devicePixelRatio || 1
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)]
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across
    canvas.height = down
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
  return { context, width, height }
}

export type Rgb = readonly [red: number, green: number, blue: number]

export const colorText = (element: Element, name: string): string =>
  getComputedStyle(element).getPropertyValue(name).trim()

/** A color of the style sheet that is written as #rrggbb. */
export const colorOf = (element: Element, name: string): Rgb => {
  const n = Number.parseInt(colorText(element, name).slice(1), 16)
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255]
}

/** The color at a share of the way from one to another. */
export const mixed = ([r, g, b]: Rgb, [s, h, c]: Rgb, share: number): Rgb => [
  r + (s - r) * share,
  g + (h - g) * share,
  b + (c - b) * share,
]

/** A small picture with a color for each place, to be drawn larger. */
export const bitmap = (width: number, height: number, colorAt: (i: number) => Rgb): OffscreenCanvas => {
  const image = new ImageData(width, height)
  for (let i = 0; i < width * height; i++) {
    const [r, g, b] = colorAt(i)
    image.data[4 * i] = r
    image.data[4 * i + 1] = g
    image.data[4 * i + 2] = b
    image.data[4 * i + 3] = 255
  }
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d')?.putImageData(image, 0, 0)
  return canvas
}

/** The count of colors of classes; more classes begin again, with another shape of points. */
export const classColors = 6
export const classColorName = (label: number): string => `--play-class-${label % classColors}`
