// The sLSTM kernels for processors with AVX-512.
#include "slstm.h"

#include <initializer_list>
#include <new>

#ifdef __x86_64__
#pragma GCC target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma,prefer-vector-width=512")
#define FT_LANES 16
#define FT_ROWS 6
#include "slstm_kernel.h"
#include "rows_kernel.h"
#include "panels_kernel.h"
#include "mlstm_kernel.h"

const forecast::SlstmKernels forecast::slstm_avx512 = {FT_LANES, FT_ROWS, packed_size, pack, packed_back_size, pack_back, forward, backward, rows_of, panels_of, mlstm_of};
#endif
