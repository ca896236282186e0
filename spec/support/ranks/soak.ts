// A rank that trains for 10,000 steps, and prints the bytes in use after each thousand.
import { adam, examples, fit, key, linear, mse, random } from 'pullback'
import { memoryUsed } from '../memoryUsed.ts'
import { group } from './group.ts'

const comm = group()
const train = examples({ input: random.normal(key(0), [4000, 3]), target: random.normal(key(1), [4000, 1]) })
const found: number[] = []
for await (const { step } of fit(linear(3, 1), mse, adam(1e-3), { train, key: key(2), epochs: 10, size: 4, comm }))
  found.push(step, await memoryUsed())
process.stdout.write(JSON.stringify(found))
