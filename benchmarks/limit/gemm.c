/* Products by OpenBLAS from a C program: ./gemm LIBRARY f32|f64 N SECONDS; prints the median microseconds of a product of N × N. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef void (*sgemm)(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
typedef void (*dgemm)(int, int, int, int, int, int, double, const double *, int, const double *, int, double, double *, int);

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}
static int ascending(const void *a, const void *b) {
  double d = *(const double *)a - *(const double *)b;
  return (d > 0) - (d < 0);
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  void *library = dlopen(argv[1], RTLD_NOW);
  if (!library) return 3;
  int wide = !strcmp(argv[2], "f64"), n = atoi(argv[3]);
  ((void (*)(int))dlsym(library, "openblas_set_num_threads"))(1);
  sgemm s = (sgemm)dlsym(library, "cblas_sgemm");
  dgemm d = (dgemm)dlsym(library, "cblas_dgemm");
  size_t size = (size_t)n * n * 8;
  void *a = aligned_alloc(64, size), *b = aligned_alloc(64, size), *c = aligned_alloc(64, size);
  for (int i = 0; i < n * n; i++) {
    if (wide) ((double *)a)[i] = ((double *)b)[i] = (i % 7) - 3;
    else ((float *)a)[i] = ((float *)b)[i] = (i % 7) - 3;
  }
  static double times[4096];
  int calls = 1 + 4000000 / (n * n * n), count = 0;
  double end = now() + atof(argv[4]) * 1e6;
  while (now() < end && count < 4096) {
    double since = now();
    for (int i = 0; i < calls; i++) {
      if (wide) d(101, 111, 111, n, n, n, 1, a, n, b, n, 0, c, n);
      else s(101, 111, 111, n, n, n, 1, a, n, b, n, 0, c, n);
    }
    times[count++] = (now() - since) / calls;
  }
  qsort(times, count, sizeof *times, ascending);
  printf("%f\n", times[count / 2]);
  return 0;
}
