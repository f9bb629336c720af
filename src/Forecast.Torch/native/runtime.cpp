// Autograd, modes, random numbers, threads and devices.
#include "internal.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

#include <dlfcn.h>

#include <cstring>

using namespace forecast;

// --- autograd

int32_t ft_set_requires_grad(void* handle, int32_t value) {
    return guarded("requires_grad", -1, [&] {
        borrow(handle).set_requires_grad(value != 0);
        return 0;
    });
}

// Autograd hands out zeros that have no memory behind them; whoever reads elements needs it.
static at::Tensor with_memory(at::Tensor gradient) {
    return gradient.defined() && gradient._is_zerotensor() ? at::zeros(gradient.sizes(), gradient.options()) : gradient;
}

int32_t ft_grad_of(void* handle, void** gradient) {
    return guarded("grad", -1, [&] {
        *gradient = give(with_memory(borrow(handle).grad()));
        return 0;
    });
}

int32_t ft_set_grad(void* handle, void* gradient) {
    return guarded("grad", -1, [&] {
        const at::Tensor tensor = borrow(handle);
        const at::Tensor value = borrow(gradient);
        TORCH_CHECK(!value.defined() || value.sizes() == tensor.sizes(), "a gradient of shape ", value.sizes(), " does not fit a tensor of shape ", tensor.sizes());
        tensor.mutable_grad() = value;
        return 0;
    });
}

int32_t ft_retain_grad(void* handle) {
    return guarded("retain_grad", -1, [&] {
        borrow(handle).retain_grad();
        return 0;
    });
}

static std::vector<at::Tensor> gradients_or_none(void** handles, int32_t count) {
    return handles == nullptr ? std::vector<at::Tensor>() : borrow_all(handles, count);
}

int32_t ft_backward(void** outputs, int32_t count, void** gradients, int32_t retain_graph, int32_t create_graph, void** inputs, int32_t input_count) {
    return guarded("backward", -1, [&] {
        torch::autograd::backward(borrow_all(outputs, count), gradients_or_none(gradients, count), retain_graph != 0, create_graph != 0, borrow_all(inputs, input_count));
        return 0;
    });
}

int32_t ft_gradients(void** outputs, int32_t count, void** gradients, void** inputs, int32_t input_count, int32_t retain_graph, int32_t create_graph, int32_t allow_unused, void** results) {
    return guarded("autograd.grad", -1, [&] {
        auto found = torch::autograd::grad(borrow_all(outputs, count), borrow_all(inputs, input_count), gradients_or_none(gradients, count), retain_graph != 0, create_graph != 0, allow_unused != 0);
        for (int32_t i = 0; i < input_count; i++) results[i] = give(with_memory(std::move(found[i])));
        return 0;
    });
}

int32_t ft_grad_mode() { return c10::GradMode::is_enabled() ? 1 : 0; }

void ft_set_grad_mode(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }

int32_t ft_inference_mode() { return c10::InferenceMode::is_enabled() ? 1 : 0; }

void* ft_enter_inference_mode(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }

void ft_leave_inference_mode(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

int32_t ft_autocast(int32_t device_type, int32_t* enabled, int32_t* dtype) {
    return guarded("autocast", -1, [&] {
        const auto type = static_cast<c10::DeviceType>(device_type);
#if FT_TORCH_AT_LEAST(2, 4)
        *enabled = at::autocast::is_autocast_enabled(type) ? 1 : 0;
        *dtype = static_cast<int32_t>(at::autocast::get_autocast_dtype(type));
#else
        const bool cuda = type == c10::DeviceType::CUDA;
        TORCH_CHECK(cuda || type == c10::DeviceType::CPU, "autocast knows cpu and cuda only");
        *enabled = (cuda ? at::autocast::is_enabled() : at::autocast::is_cpu_enabled()) ? 1 : 0;
        *dtype = static_cast<int32_t>(cuda ? at::autocast::get_autocast_gpu_dtype() : at::autocast::get_autocast_cpu_dtype());
#endif
        return 0;
    });
}

int32_t ft_set_autocast(int32_t device_type, int32_t enabled, int32_t dtype) {
    return guarded("autocast", -1, [&] {
        const auto type = static_cast<c10::DeviceType>(device_type);
        const auto scalar_type = static_cast<at::ScalarType>(dtype);
#if FT_TORCH_AT_LEAST(2, 4)
        at::autocast::set_autocast_enabled(type, enabled != 0);
        at::autocast::set_autocast_dtype(type, scalar_type);
#else
        const bool cuda = type == c10::DeviceType::CUDA;
        TORCH_CHECK(cuda || type == c10::DeviceType::CPU, "autocast knows cpu and cuda only");
        if (cuda) {
            at::autocast::set_enabled(enabled != 0);
            at::autocast::set_autocast_gpu_dtype(scalar_type);
        } else {
            at::autocast::set_cpu_enabled(enabled != 0);
            at::autocast::set_autocast_cpu_dtype(scalar_type);
        }
#endif
        // Weights that were cast for an earlier region must not outlive it.
        at::autocast::clear_cache();
        return 0;
    });
}

int32_t ft_set_anomaly(int32_t enabled, int32_t check_nan) {
    return guarded("anomaly", -1, [&] {
        torch::autograd::AnomalyMode::set_enabled(enabled != 0, check_nan != 0);
        return 0;
    });
}

int32_t ft_anomaly() {
    return (torch::autograd::AnomalyMode::is_enabled() ? 1 : 0) | (torch::autograd::AnomalyMode::should_check_nan() ? 2 : 0);
}

// --- randomness

static at::Generator& generator_of(void* handle) { return *static_cast<at::Generator*>(handle); }

template <typename Body>
static auto with_generator(void* handle, Body&& body) {
    auto& generator = generator_of(handle);
    const std::lock_guard<std::mutex> hold(generator.mutex());
    return body(generator);
}

int32_t ft_manual_seed(int64_t seed) {
    return guarded("manual_seed", -1, [&] {
        at::manual_seed(static_cast<uint64_t>(seed));
        return 0;
    });
}

int32_t ft_manual_seed_cuda(int64_t seed, int32_t all) {
    return guarded("cuda.manual_seed", -1, [&] {
        const int32_t devices = ft_cuda_devices();
        for (int32_t i = 0; i < (all != 0 ? devices : std::min(devices, 1)); i++) {
            auto generator = at::globalContext().defaultGenerator(device_of(1, all != 0 ? i : -1));
            const std::lock_guard<std::mutex> hold(generator.mutex());
            generator.set_current_seed(static_cast<uint64_t>(seed));
        }
        return 0;
    });
}

void* ft_generator_default(int32_t device_type, int32_t device_index) {
    return guarded("generator", static_cast<void*>(nullptr), [&]() -> void* {
        return new at::Generator(at::globalContext().defaultGenerator(device_of(device_type, device_index)));
    });
}

void* ft_generator_create(int32_t device_type, int32_t device_index, int64_t seed) {
    return guarded("generator", static_cast<void*>(nullptr), [&]() -> void* {
        const auto device = device_of(device_type, device_index);
        // A clone shares nothing with the default generator of its device, and needs no header of that device's runtime.
        auto made = device.is_cpu() ? at::make_generator<at::CPUGeneratorImpl>() : at::globalContext().defaultGenerator(device).clone();
        made.set_current_seed(static_cast<uint64_t>(seed));
        return new at::Generator(std::move(made));
    });
}

void ft_generator_release(void* generator) { delete static_cast<at::Generator*>(generator); }

int32_t ft_generator_set_seed(void* handle, int64_t seed) {
    return guarded("generator seed", -1, [&] {
        return with_generator(handle, [&](at::Generator& generator) {
            generator.set_current_seed(static_cast<uint64_t>(seed));
            return 0;
        });
    });
}

int32_t ft_generator_seed(void* handle, int64_t* seed) {
    return guarded("generator seed", -1, [&] {
        return with_generator(handle, [&](at::Generator& generator) {
            *seed = static_cast<int64_t>(generator.seed());
            return 0;
        });
    });
}

int32_t ft_generator_current_seed(void* handle, int64_t* seed) {
    return guarded("generator seed", -1, [&] {
        return with_generator(handle, [&](at::Generator& generator) {
            *seed = static_cast<int64_t>(generator.current_seed());
            return 0;
        });
    });
}

void* ft_generator_state(void* handle) {
    return guarded("generator state", static_cast<void*>(nullptr), [&] {
        return with_generator(handle, [](at::Generator& generator) { return give(generator.get_state()); });
    });
}

int32_t ft_generator_set_state(void* handle, void* state) {
    return guarded("generator state", -1, [&] {
        return with_generator(handle, [&](at::Generator& generator) {
            generator.set_state(borrow(state));
            return 0;
        });
    });
}

// Libraries that libtorch itself loaded (a BLAS, the CUDA runtime) are asked by name, so that none of their headers is needed.
template <typename Function>
static Function* runtime_symbol(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

// --- threads

int32_t ft_threads() { return at::get_num_threads(); }

int32_t ft_set_threads(int32_t count) {
    return guarded("set_num_threads", -1, [&] {
        at::set_num_threads(count);
        // OpenBLAS keeps threads of its own, of which libtorch knows nothing; results may depend on how many there are.
        if (auto* set_blas = runtime_symbol<void(int)>("openblas_set_num_threads")) set_blas(count);
        return 0;
    });
}

int32_t ft_interop_threads() { return at::get_num_interop_threads(); }

int32_t ft_set_interop_threads(int32_t count) {
    return guarded("set_num_interop_threads", -1, [&] {
        at::set_num_interop_threads(count);
        return 0;
    });
}

// --- devices

static void check_driver(int status, const char* what) { TORCH_CHECK(status == 0, what, " failed with CUDA status ", status); }

int32_t ft_cuda_devices() {
    return guarded("cuda", 0, [] { return at::hasCUDA() ? static_cast<int32_t>(c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).deviceCount()) : 0; });
}

int32_t ft_cudnn() {
    auto* version = runtime_symbol<size_t()>("cudnnGetVersion");
    return version == nullptr ? 0 : static_cast<int32_t>(version());
}

int32_t ft_cuda_runtime() {
    auto* get = runtime_symbol<int(int*)>("cudaRuntimeGetVersion");
    int version = 0;
    return get != nullptr && get(&version) == 0 ? version : 0;
}

int32_t ft_cuda_name(int32_t device, char* text, int32_t capacity) {
    return guarded("cuda name", -1, [&] {
        TORCH_CHECK(device < ft_cuda_devices(), "there is no CUDA device ", device);
        void* driver = dlopen("libcuda.so.1", RTLD_NOW);
        TORCH_CHECK(driver != nullptr, "the CUDA driver libcuda.so.1 is missing");
        auto* initialise = reinterpret_cast<int (*)(unsigned)>(dlsym(driver, "cuInit"));
        auto* get = reinterpret_cast<int (*)(int*, int)>(dlsym(driver, "cuDeviceGet"));
        auto* get_name = reinterpret_cast<int (*)(char*, int, int)>(dlsym(driver, "cuDeviceGetName"));
        TORCH_CHECK(initialise != nullptr && get != nullptr && get_name != nullptr, "the CUDA driver lacks cuDeviceGetName");
        int ordinal = 0;
        check_driver(initialise(0), "cuInit");
        check_driver(get(&ordinal, device), "cuDeviceGet");
        check_driver(get_name(text, capacity, ordinal), "cuDeviceGetName");
        return 0;
    });
}

// Runs `body` with `device` as the CUDA runtime's current device (negative: as it is), and puts the old one back.
template <typename Body>
static void on_cuda_device(int32_t device, Body&& body) {
    auto* set_device = runtime_symbol<int(int)>("cudaSetDevice");
    auto* get_device = runtime_symbol<int(int*)>("cudaGetDevice");
    TORCH_CHECK(set_device != nullptr && get_device != nullptr, "the CUDA runtime is not loaded");
    int before = 0;
    check_driver(get_device(&before), "cudaGetDevice");
    if (device >= 0) check_driver(set_device(device), "cudaSetDevice");
    const int status = body();
    if (device >= 0) check_driver(set_device(before), "cudaSetDevice");
    check_driver(status, "the CUDA runtime");
}

int32_t ft_cuda_memory(int32_t device, FtDeviceMemory* memory) {
    return guarded("cuda memory", -1, [&] {
        auto* get_info = runtime_symbol<int(size_t*, size_t*)>("cudaMemGetInfo");
        TORCH_CHECK(get_info != nullptr, "the CUDA runtime is not loaded");
        size_t free = 0;
        size_t total = 0;
        on_cuda_device(device, [&] { return get_info(&free, &total); });
        memory->total = static_cast<int64_t>(total);
        memory->free = static_cast<int64_t>(free);
        return 0;
    });
}

int32_t ft_cuda_synchronize(int32_t device) {
    return guarded("cuda synchronize", -1, [&] {
        auto* synchronize = runtime_symbol<int()>("cudaDeviceSynchronize");
        TORCH_CHECK(synchronize != nullptr, "the CUDA runtime is not loaded");
        on_cuda_device(device, [&] { return synchronize(); });
        return 0;
    });
}

int32_t ft_allow_tf32(int32_t matmul, int32_t cudnn) {
    return guarded("allow_tf32", -1, [&] {
        auto& context = at::globalContext();
        if (matmul >= 0) context.setAllowTF32CuBLAS(matmul != 0);
        if (cudnn >= 0) context.setAllowTF32CuDNN(cudnn != 0);
        return (context.allowTF32CuBLAS() ? 1 : 0) | (context.allowTF32CuDNN() ? 2 : 0);
    });
}

int32_t ft_deterministic(int32_t value) {
    return guarded("deterministic", -1, [&] {
        auto& context = at::globalContext();
        if (value >= 0) context.setDeterministicAlgorithms(value != 0, /*warn_only=*/false);
        return context.deterministicAlgorithms() ? 1 : 0;
    });
}
