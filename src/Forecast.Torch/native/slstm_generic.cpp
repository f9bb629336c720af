// The sLSTM kernels for every x86-64 processor (and any other that GCC has vectors for).
#include "slstm.h"

#include <initializer_list>
#include <new>

#define FT_LANES 4
#define FT_ROWS 3
#include "slstm_kernel.h"
#include "rows_kernel.h"
#include "panels_kernel.h"
#include "mlstm_kernel.h"

const forecast::SlstmKernels forecast::slstm_generic = {FT_LANES, FT_ROWS, packed_size, pack, packed_back_size, pack_back, forward, backward, rows_of, panels_of, mlstm_of};
