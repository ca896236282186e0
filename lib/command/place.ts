// Where this process stands among those that were started together: mpirun starts the same command line several times.
const { OMPI_COMM_WORLD_RANK, OMPI_COMM_WORLD_SIZE, PMI_RANK, PMI_SIZE, PMIX_RANK } = process.env

/** The number of this process, as Open MPI, MPICH, Slurm or PMIx tells it; 0 if it was started alone. */
export const rank = Number(OMPI_COMM_WORLD_RANK ?? PMI_RANK ?? PMIX_RANK ?? 0)

/** How many were started together; undefined if only MPI can tell. */
export const size: number | undefined =
  OMPI_COMM_WORLD_SIZE === undefined && PMI_SIZE === undefined && PMIX_RANK !== undefined
    ? undefined
    : Number(OMPI_COMM_WORLD_SIZE ?? PMI_SIZE ?? 1)

/** Rank 0 prints and writes files, and the others are silent. */
export const isFirst = rank === 0
