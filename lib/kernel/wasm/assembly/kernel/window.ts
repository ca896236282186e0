/**
 * The windows on images [batch, height, width, channels]: the block of numbers that the host writes, in this order.
 * There are `down` by `right` windows of kh by kw entries; strides and dilations are given for rows and for columns.
 * The channels may be part of a larger number: `pitch` is the number of channels of a pixel.
 */
@unmanaged
export class Window {
  batch: i32
  height: i32
  width: i32
  channels: i32
  down: i32
  right: i32
  kh: i32
  kw: i32
  sh: i32
  sw: i32
  dh: i32
  dw: i32
  top: i32
  left: i32
  pitch: i32
}
