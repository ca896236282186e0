/// <reference types="node" />
import zlib from 'node:zlib'
import { type Checksum, crc32 } from '../codec/crc32.ts'

/** CRC-32, by zlib if Node has it, since it is faster. */
export const checksum: Checksum = (zlib as { readonly crc32?: Checksum }).crc32 ?? crc32
