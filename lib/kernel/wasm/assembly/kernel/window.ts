/**
 * How windows lie on images [batch, height, width, channels]: the block of numbers that the host writes, in this order. The windows are
 * `down` by `right` in number and kh by kw entries large; strides and dilations are those of rows and of columns. The channels may be some
 * of a larger number: `pitch` is how many a pixel has.
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
