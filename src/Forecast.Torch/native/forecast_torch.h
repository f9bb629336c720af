// The C interface between the managed engine and libtorch. Plain data in, plain data out; no C++ exception crosses it.
//
// Every function that can fail returns a negative number (or null) after an error; ft_error() then holds the text, for the
// calling thread, until its next failure. A tensor handle is a counted reference to a TensorImpl: whoever receives one
// owns it and gives it back with ft_release. A null handle stands for an undefined tensor.
#pragma once
#include <cstddef>
#include <cstdint>

#define FT_API extern "C" __attribute__((visibility("default")))

// Raised with every change of this interface; the managed side refuses a library that was built for another.
constexpr int32_t FT_ABI = 1;

enum FtTag : int32_t {
    FT_DEFAULT = 0,      // argument: as the operator's schema says
    FT_NONE = 1,         // an optional without a value
    FT_TENSOR = 2,       // handle
    FT_INT = 3,
    FT_DOUBLE = 4,
    FT_BOOL = 5,
    FT_COMPLEX = 6,      // handle: two doubles; count: 2
    FT_INTS = 7,         // handle: int64 values; count
    FT_DOUBLES = 8,      // handle: double values; count
    FT_BOOLS = 9,        // handle: bytes; count
    FT_TENSORS = 10,     // handle: tensor handles, of which some may be null; count
    FT_STRING = 11,      // handle: UTF-8; count: bytes
    FT_DEVICE = 12,      // integer: type; count: index (-1 = current)
    FT_GENERATOR = 13,   // handle from ft_generator_*
};

struct FtValue {
    int32_t tag;
    int32_t count;       // of a returned tensor: KiB of memory that it alone holds
    union {
        int64_t integer;
        double real;
        void* handle;
    };
};

struct FtTensorInfo {
    int32_t dtype;
    int32_t device_type;
    int32_t device_index;
    int32_t dimensions;
    int64_t elements;
    const int64_t* sizes;    // valid while the tensor lives and is not resized
    const int64_t* strides;  // null when the layout has none
};

struct FtDeviceMemory {
    int64_t total;
    int64_t free;
};

typedef void (*FtDeleter)(void* context);

// --- library
FT_API int32_t ft_abi();
FT_API const char* ft_error();
FT_API const char* ft_version();
FT_API const char* ft_build_info();

// --- operators
FT_API void* ft_operator(const char* name, const char* overload);   // null: there is none
FT_API int32_t ft_call(void* op, const FtValue* arguments, int32_t count, FtValue* results, int32_t capacity);
FT_API void ft_free(void* memory);                                  // what a returned list or string lies in

// --- tensors
FT_API void ft_release(void* tensor);
FT_API void* ft_share(void* tensor);                                // one more owner of the same tensor
FT_API void* ft_from_memory(void* data, const int64_t* sizes, int32_t dimensions, int32_t dtype, FtDeleter deleter, void* context);
FT_API int32_t ft_info(void* tensor, FtTensorInfo* info);
FT_API void* ft_data(void* tensor);                                 // null without an error: no elements
FT_API int64_t ft_storage_offset(void* tensor);
FT_API int32_t ft_copy_to_host(void* tensor, void* destination, int64_t bytes);
FT_API int32_t ft_item(void* tensor, FtValue* value);
FT_API int32_t ft_flags(void* tensor);                              // see FtFlags
enum FtFlags : int32_t { FT_REQUIRES_GRAD = 1, FT_LEAF = 2, FT_CONTIGUOUS = 4, FT_PINNED = 8, FT_SPARSE = 16, FT_CONJ = 32, FT_NEG = 64 };

// --- autograd
FT_API int32_t ft_set_requires_grad(void* tensor, int32_t value);
FT_API int32_t ft_grad_of(void* tensor, void** gradient);
FT_API int32_t ft_set_grad(void* tensor, void* gradient);
FT_API int32_t ft_retain_grad(void* tensor);
FT_API int32_t ft_backward(void** outputs, int32_t count, void** gradients, int32_t retain_graph, int32_t create_graph, void** inputs, int32_t input_count);
FT_API int32_t ft_gradients(void** outputs, int32_t count, void** gradients, void** inputs, int32_t input_count, int32_t retain_graph, int32_t create_graph, int32_t allow_unused, void** results);
FT_API int32_t ft_grad_mode();
FT_API void ft_set_grad_mode(int32_t enabled);
FT_API int32_t ft_inference_mode();
FT_API void* ft_enter_inference_mode(int32_t enabled);
FT_API void ft_leave_inference_mode(void* guard);
FT_API int32_t ft_autocast(int32_t device_type, int32_t* enabled, int32_t* dtype);
FT_API int32_t ft_set_autocast(int32_t device_type, int32_t enabled, int32_t dtype);
FT_API int32_t ft_set_anomaly(int32_t enabled, int32_t check_nan);
FT_API int32_t ft_anomaly();                                        // 1: on; 2: checks for NaN as well

// --- randomness
FT_API int32_t ft_manual_seed(int64_t seed);
FT_API int32_t ft_manual_seed_cuda(int64_t seed, int32_t all);
FT_API void* ft_generator_default(int32_t device_type, int32_t device_index);
FT_API void* ft_generator_create(int32_t device_type, int32_t device_index, int64_t seed);
FT_API void ft_generator_release(void* generator);
FT_API int32_t ft_generator_set_seed(void* generator, int64_t seed);
FT_API int32_t ft_generator_seed(void* generator, int64_t* seed);     // a fresh one from the system
FT_API int32_t ft_generator_current_seed(void* generator, int64_t* seed);
FT_API void* ft_generator_state(void* generator);
FT_API int32_t ft_generator_set_state(void* generator, void* state);

// --- threads and devices
FT_API int32_t ft_threads();
FT_API int32_t ft_set_threads(int32_t count);
FT_API int32_t ft_interop_threads();
FT_API int32_t ft_set_interop_threads(int32_t count);
FT_API int32_t ft_cuda_devices();                                   // 0 where there are none or libtorch lacks CUDA
FT_API int32_t ft_cudnn();                                          // its version; 0 where there is none
FT_API int32_t ft_cuda_runtime();                                   // its version; 0 where there is none
FT_API int32_t ft_cuda_name(int32_t device, char* text, int32_t capacity);
FT_API int32_t ft_cuda_memory(int32_t device, FtDeviceMemory* memory);
FT_API int32_t ft_cuda_synchronize(int32_t device);
FT_API int32_t ft_allow_tf32(int32_t matmul, int32_t cudnn);        // -1 leaves a setting; returns the two as bits
FT_API int32_t ft_deterministic(int32_t value);                     // -1 asks
