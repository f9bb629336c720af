// The sLSTM kernels for processors with AVX2 and FMA.
#include "slstm.h"

#include <initializer_list>
#include <new>

#ifdef __x86_64__
#pragma GCC target("avx2,fma")
#define FT_LANES 8
#define FT_ROWS 3
#include "slstm_kernel.h"
#include "rows_kernel.h"
#include "panels_kernel.h"
#include "mlstm_kernel.h"

const forecast::SlstmKernels forecast::slstm_avx2 = {FT_LANES, FT_ROWS, packed_size, pack, packed_back_size, pack_back, forward, backward, rows_of, panels_of, mlstm_of};
#endif
