import type { Add, Mul, Product } from '../../lib/type/nat.ts'
import { type Equal, yes } from './equal.ts'

yes<Equal<Add<784, 128>, 912>>()
yes<Equal<Add<0, 0>, 0>>()
yes<Equal<Add<999, 1>, 1000>>()
yes<Equal<Add<1, 999>, 1000>>()
yes<Equal<Add<5, 95>, 100>>()
yes<Equal<Add<3, number>, number>>()
yes<Equal<Mul<28, 28>, 784>>()
yes<Equal<Mul<784, 0>, 0>>()
yes<Equal<Mul<125, 80>, 10000>>()
yes<Equal<Mul<1, 7>, 7>>()
yes<Equal<Product<readonly [28, 28, 3]>, 2352>>()
yes<Equal<Product<readonly []>, 1>>()
yes<Equal<Product<readonly [2, number]>, number>>()
yes<Equal<Product<readonly number[]>, number>>()
