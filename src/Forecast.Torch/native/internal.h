// What the shim's own sources share.
#pragma once
#include "forecast_torch.h"

#include <ATen/ATen.h>
#include <torch/csrc/api/include/torch/version.h>

#include <string>
#include <vector>

#define FT_TORCH_AT_LEAST(major, minor) (TORCH_VERSION_MAJOR > (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

namespace forecast {

#if FT_TORCH_AT_LEAST(2, 4)
using OptionalTensor = std::optional<at::Tensor>;
#else
using OptionalTensor = c10::optional<at::Tensor>;
#endif

// Remembers the text of a failure for this thread.
void set_error(const std::string& text);

// The text of a libtorch error without its C++ stack.
std::string describe(const std::exception& error);

// Runs `body`, and turns whatever it throws into an error text and `failure`.
template <typename Body, typename Result>
Result guarded(const char* what, Result failure, Body&& body) {
    try {
        return body();
    } catch (const std::exception& error) {
        set_error(std::string(what) + ": " + describe(error));
    } catch (...) {
        set_error(std::string(what) + ": unknown C++ exception");
    }
    return failure;
}

// A handle is a TensorImpl whose count was raised once for its owner.
inline at::Tensor borrow(void* handle) {
    if (handle == nullptr) return {};
    return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(static_cast<c10::TensorImpl*>(handle)));
}

inline void* give(at::Tensor&& tensor) {
    if (!tensor.defined()) return nullptr;
    return tensor.unsafeReleaseTensorImpl();
}

inline c10::Device device_of(int32_t type, int32_t index) {
    return {static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index)};
}

std::vector<at::Tensor> borrow_all(void** handles, int32_t count);

// "Float32 [2, 3] cuda:0", for error texts.
std::string describe(const at::Tensor& tensor);

}  // namespace forecast
