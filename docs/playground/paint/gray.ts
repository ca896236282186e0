// A gray picture as an address that an image takes.

/** A square picture of numbers from 0 to 1, white on black. */
export const pictureUrl = (values: ArrayLike<number>, side: number): string => {
  const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side })
  const image = new ImageData(side, side)
  for (let i = 0; i < side * side; i++) image.data.set([255, 255, 255, 255 * (values[i] as number)], 4 * i)
  canvas.getContext('2d')?.putImageData(image, 0, 0)
  return canvas.toDataURL()
}
