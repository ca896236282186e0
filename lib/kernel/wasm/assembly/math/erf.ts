import { expNormal } from './exp'
import { atMost, fill, horner, magnitude, sign } from './lanes'

/**
 * erf(x) = 2/√π ∫₀ˣ exp(−t²) dt, to 2 ulp, near 0 too: x + x P(x²) where |x| < 1, else 1 − exp(−Q(|x|)) with the sign
 * of x, where Q ≈ −log erfc. erf(4) and erf(5.95) are 1 in float32 and float64. P and Q are our own minimax fits
 * (Remez): erf from them has relative errors below 2⁻²⁸ and 2⁻⁵⁴.
 */
@inline
export function erf<T>(x: v128): v128 {
  const a = atMost<T>(magnitude<T>(x), sizeof<T>() == 4 ? 4 : 5.95)
  const z = v128.mul<T>(a, a)
  let p: v128, q: v128
  if (sizeof<T>() == 4) {
    p = horner<T>(fill<T>(7.853867235e-5), z, -0.0008010195606)
    p = horner<T>(p, z, 0.005188327932)
    p = horner<T>(p, z, -0.02685381207)
    p = horner<T>(p, z, 0.1128358515)
    p = horner<T>(p, z, -0.3761262582)
    p = horner<T>(p, z, 0.1283791657)

    q = horner<T>(fill<T>(-0.0001863762604), a, 0.002947630667)
    q = horner<T>(q, a, -0.02183795805)
    q = horner<T>(q, a, 0.1031065429)
    q = horner<T>(q, a, 0.6381450655)
    q = horner<T>(q, a, 1.127089057)
    q = horner<T>(q, a, 0.0003415542757)
  } else {
    p = horner<T>(fill<T>(-7.779471406957415e-10), z, 1.3710982108482451e-8)
    p = horner<T>(p, z, -1.6206314196309946e-7)
    p = horner<T>(p, z, 1.6447131635680484e-6)
    p = horner<T>(p, z, -1.4924712308029719e-5)
    p = horner<T>(p, z, 0.00012055293577272878)
    p = horner<T>(p, z, -0.000854832592932979)
    p = horner<T>(p, z, 0.00522397760611888)
    p = horner<T>(p, z, -0.02686617064311153)
    p = horner<T>(p, z, 0.11283791670944185)
    p = horner<T>(p, z, -0.3761263890318352)
    p = horner<T>(p, z, 0.12837916709551256)

    q = horner<T>(fill<T>(4.926360358466039e-12), a, -2.0441159281764625e-10)
    q = horner<T>(q, a, 3.932794158287313e-9)
    q = horner<T>(q, a, -4.6407311853127756e-8)
    q = horner<T>(q, a, 3.731889991524872e-7)
    q = horner<T>(q, a, -2.1350690843211947e-6)
    q = horner<T>(q, a, 8.664705373414447e-6)
    q = horner<T>(q, a, -2.281482631911552e-5)
    q = horner<T>(q, a, 2.0247925463150353e-5)
    q = horner<T>(q, a, 0.0001350863255870373)
    q = horner<T>(q, a, -0.0007706975076983175)
    q = horner<T>(q, a, 0.0019160075397695305)
    q = horner<T>(q, a, -0.00041068664163391186)
    q = horner<T>(q, a, -0.018990138137943258)
    q = horner<T>(q, a, 0.1027034188742895)
    q = horner<T>(q, a, 0.6366436353003228)
    q = horner<T>(q, a, 1.1283740879260098)
    q = horner<T>(q, a, 5.030041158287021e-7)
  }
  const small = v128.add<T>(a, v128.mul<T>(a, p))
  const large = v128.sub<T>(fill<T>(1), expNormal<T>(v128.neg<T>(q)))
  return v128.or(v128.bitselect(small, large, v128.lt<T>(a, fill<T>(1))), sign<T>(x))
}
