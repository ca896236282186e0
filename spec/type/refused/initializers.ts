import { compose, initializer, initWith, key, linear, named, relu } from 'pullback'

const net = compose(named('L1', linear(6, 5)), relu, named('L2', linear(5, 3)))
export const path = initWith(net, key(0), { 'L3.W': initializer.heNormal })
