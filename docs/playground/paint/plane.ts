// The plane as a network divides it, and the points of the data.
import type { DataInfo, Points, Reply } from '../message.ts'
import { bitmap, classColorName, classColors, colorOf, colorText, mixed, type Sheet, sheetOf } from './canvas.ts'

type Plane = Extract<Reply, { readonly kind: 'plane' }>

/** Points of different classes differ in shape as well as in color. */
const outline = ({ context }: Sheet, x: number, y: number, label: number, radius: number): void => {
  context.beginPath()
  const shape = label % 3
  if (shape === 0) context.arc(x, y, radius, 0, 2 * Math.PI)
  if (shape === 1) context.rect(x - radius, y - radius, 2 * radius, 2 * radius)
  if (shape === 2)
    for (const k of [0, 1, 2]) {
      const angle = (2 * Math.PI * k) / 3
      context.lineTo(x + 1.4 * radius * Math.sin(angle), y - 1.4 * radius * Math.cos(angle))
    }
  context.closePath()
}

const drawPoints = (sheet: Sheet, canvas: Element, { places, labels, trained }: Points, extent: number): void => {
  const { context, width, height } = sheet
  const radius = Math.max(2.2, width / 130)
  const edge = colorText(canvas, '--play-point-edge')
  const colors = Array.from({ length: classColors }, (_, k) => colorText(canvas, classColorName(k)))
  for (const [i, label] of labels.entries()) {
    const x = (((places[2 * i] as number) + extent) / (2 * extent)) * width
    const y = ((extent - (places[2 * i + 1] as number)) / (2 * extent)) * height
    const color = colors[label % classColors] as string
    outline(sheet, x, y, label, i < trained ? radius : 0.8 * radius)
    // Points of the test are hollow.
    context.fillStyle = i < trained ? color : edge
    context.strokeStyle = i < trained ? edge : color
    context.lineWidth = i < trained ? 0.8 : 1.2
    context.fill()
    context.stroke()
  }
}

export const drawPlane = (canvas: HTMLCanvasElement, info: DataInfo, plane: Plane | undefined): void => {
  const sheet = sheetOf(canvas)
  if (sheet === undefined) return
  const { context, width, height } = sheet
  if (plane !== undefined) {
    const ground = colorOf(canvas, '--play-ground')
    const colors = Array.from({ length: classColors }, (_, k) => colorOf(canvas, classColorName(k)))
    const image = bitmap(plane.size, plane.size, (i) => {
      const color = colors[(plane.classes[i] as number) % classColors] ?? ground
      return mixed(ground, color, 0.08 + (0.5 * (plane.sure[i] as number)) / 255)
    })
    context.imageSmoothingEnabled = true
    context.drawImage(image, 0, 0, width, height)
  }
  if (info.points !== undefined) drawPoints(sheet, canvas, info.points, info.extent)
}
