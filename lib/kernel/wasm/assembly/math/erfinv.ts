import { fill, horner } from './lanes'
import { log } from './log'

@inline
function center(w: v128): v128 {
  let p = fill<f64>(-3.64441206401782e-21)
  p = horner<f64>(p, w, -1.6850591381820166e-19)
  p = horner<f64>(p, w, 1.28584807152564e-18)
  p = horner<f64>(p, w, 1.1157877678025181e-17)
  p = horner<f64>(p, w, -1.333171662854621e-16)
  p = horner<f64>(p, w, 2.0972767875968562e-17)
  p = horner<f64>(p, w, 6.637638134358324e-15)
  p = horner<f64>(p, w, -4.054566272975207e-14)
  p = horner<f64>(p, w, -8.151934197605472e-14)
  p = horner<f64>(p, w, 2.6335093153082323e-12)
  p = horner<f64>(p, w, -1.2975133253453532e-11)
  p = horner<f64>(p, w, -5.415412054294628e-11)
  p = horner<f64>(p, w, 1.0512122733215323e-9)
  p = horner<f64>(p, w, -4.112633980346984e-9)
  p = horner<f64>(p, w, -2.9070369957882005e-8)
  p = horner<f64>(p, w, 4.2347877827932404e-7)
  p = horner<f64>(p, w, -1.3654692000834679e-6)
  p = horner<f64>(p, w, -1.3882523362786469e-5)
  p = horner<f64>(p, w, 0.00018673420803405714)
  p = horner<f64>(p, w, -0.000740702534166267)
  p = horner<f64>(p, w, -0.006033670871430149)
  p = horner<f64>(p, w, 0.24015818242558962)
  p = horner<f64>(p, w, 1.6536545626831027)
  return p
}

@inline
function shoulder(w: v128): v128 {
  let p = fill<f64>(2.2137376921775787e-9)
  p = horner<f64>(p, w, 9.075656193888539e-8)
  p = horner<f64>(p, w, -2.7517406297064545e-7)
  p = horner<f64>(p, w, 1.8239629214389228e-8)
  p = horner<f64>(p, w, 1.5027403968909828e-6)
  p = horner<f64>(p, w, -4.013867526981546e-6)
  p = horner<f64>(p, w, 2.9234449089955446e-6)
  p = horner<f64>(p, w, 1.2475304481671779e-5)
  p = horner<f64>(p, w, -4.7318229009055734e-5)
  p = horner<f64>(p, w, 6.828485145957318e-5)
  p = horner<f64>(p, w, 2.4031110387097894e-5)
  p = horner<f64>(p, w, -0.0003550375203628475)
  p = horner<f64>(p, w, 0.0009532893797373805)
  p = horner<f64>(p, w, -0.0016882755560235047)
  p = horner<f64>(p, w, 0.002491442096107851)
  p = horner<f64>(p, w, -0.003751208507569241)
  p = horner<f64>(p, w, 0.005370914553590064)
  p = horner<f64>(p, w, 1.0052589676941592)
  p = horner<f64>(p, w, 3.0838856104922208)
  return p
}

@inline
function tail(w: v128): v128 {
  let p = fill<f64>(-2.7109920616438573e-11)
  p = horner<f64>(p, w, -2.555641816996525e-10)
  p = horner<f64>(p, w, 1.5076572693500548e-9)
  p = horner<f64>(p, w, -3.789465440126737e-9)
  p = horner<f64>(p, w, 7.61570120807834e-9)
  p = horner<f64>(p, w, -1.496002662714924e-8)
  p = horner<f64>(p, w, 2.914795345090108e-8)
  p = horner<f64>(p, w, -6.771199775845234e-8)
  p = horner<f64>(p, w, 2.2900482228026655e-7)
  p = horner<f64>(p, w, -9.9298272942317e-7)
  p = horner<f64>(p, w, 4.526062597223154e-6)
  p = horner<f64>(p, w, -1.968177810553167e-5)
  p = horner<f64>(p, w, 7.599527703001776e-5)
  p = horner<f64>(p, w, -0.00021503011930044477)
  p = horner<f64>(p, w, -0.00013871931833623122)
  p = horner<f64>(p, w, 1.0103004648645344)
  p = horner<f64>(p, w, 4.849906401408584)
  return p
}

/** erfinv of two float64: Giles, "Approximating the erfinv function" (GPU Computing Gems, 2011). */
function erfinvDouble(x: v128): v128 {
  const one = fill<f64>(1)
  const w = v128.neg<f64>(log<f64>(v128.mul<f64>(v128.sub<f64>(one, x), v128.add<f64>(one, x))))
  let p = center(v128.sub<f64>(w, fill<f64>(3.125)))
  const far = v128.ge<f64>(w, fill<f64>(6.25))
  if (v128.any_true(far)) {
    const root = v128.sqrt<f64>(w)
    const near = v128.lt<f64>(w, fill<f64>(16))
    const outer = v128.bitselect(shoulder(v128.sub<f64>(root, fill<f64>(3.25))), tail(v128.sub<f64>(root, fill<f64>(5))), near)
    p = v128.bitselect(outer, p, far)
    p = v128.bitselect(fill<f64>(Infinity), p, v128.eq<f64>(w, fill<f64>(Infinity)))
  }
  return v128.mul<f64>(p, x)
}

/**
 * The inverse of erf on (−1, 1), to 4 ulp; float32 goes through float64. ±1 give ±∞, and numbers beyond them NaN. The
 * branch saves time, since few numbers are that close to ±1; it changes no result.
 */
@inline
export function erfinv<T>(x: v128): v128 {
  if (sizeof<T>() == 8) return erfinvDouble(x)
  const low = f32x4.demote_f64x2_zero(erfinvDouble(f64x2.promote_low_f32x4(x)))
  const high = f32x4.demote_f64x2_zero(erfinvDouble(f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1))))
  return v128.shuffle<i64>(low, high, 0, 2)
}
