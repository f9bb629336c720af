// Tensors from memory and back, what a tensor is like, and error texts.
#include "internal.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/Storage.h>

#include <cstring>
#include <sstream>

namespace forecast {

static thread_local std::string last_error;

void set_error(const std::string& text) { last_error = text; }

std::string describe(const std::exception& error) {
    if (const auto* torch_error = dynamic_cast<const c10::Error*>(&error)) return torch_error->what_without_backtrace();
    return error.what();
}

std::string describe(const at::Tensor& tensor) {
    if (!tensor.defined()) return "undefined tensor";
    std::ostringstream text;
    text << c10::toString(tensor.scalar_type()) << ' ' << tensor.sizes() << ' ' << tensor.device();
    return text.str();
}

std::vector<at::Tensor> borrow_all(void** handles, int32_t count) {
    std::vector<at::Tensor> tensors;
    tensors.reserve(count);
    for (int32_t i = 0; i < count; i++) tensors.push_back(borrow(handles[i]));
    return tensors;
}

}  // namespace forecast

using namespace forecast;

int32_t ft_abi() { return FT_ABI; }

const char* ft_error() { return last_error.c_str(); }

const char* ft_version() { return TORCH_VERSION; }

const char* ft_build_info() {
    static const std::string text = at::show_config() + at::get_parallel_info();
    return text.c_str();
}

void ft_free(void* memory) { std::free(memory); }

void ft_release(void* tensor) {
    if (tensor == nullptr) return;
    c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(static_cast<c10::TensorImpl*>(tensor));
}

void* ft_share(void* tensor) { return give(borrow(tensor)); }

void* ft_from_memory(void* data, const int64_t* sizes, int32_t dimensions, int32_t dtype, FtDeleter deleter, void* context) {
    return guarded("from memory", static_cast<void*>(nullptr), [&]() -> void* {
        const c10::IntArrayRef shape(sizes, dimensions);
        const auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype));
        if (deleter != nullptr) {
            return give(at::from_blob(data, shape, [deleter, context](void*) { deleter(context); }, options));
        }
        at::Tensor tensor = at::empty(shape, options);
        if (tensor.nbytes() > 0) std::memcpy(tensor.data_ptr(), data, tensor.nbytes());
        return give(std::move(tensor));
    });
}

int32_t ft_info(void* handle, FtTensorInfo* info) {
    return guarded("tensor", -1, [&] {
        const auto* tensor = static_cast<const c10::TensorImpl*>(handle);
        const auto device = tensor->device();
        const auto sizes = tensor->sizes();
        info->dtype = static_cast<int32_t>(c10::typeMetaToScalarType(tensor->dtype()));
        info->device_type = static_cast<int32_t>(device.type());
        info->device_index = device.index();
        info->dimensions = static_cast<int32_t>(sizes.size());
        info->elements = tensor->numel();
        info->sizes = sizes.data();
        info->strides = tensor->layout() == c10::kStrided ? tensor->strides().data() : nullptr;
        return 0;
    });
}

void* ft_data(void* handle) {
    set_error("");
    return guarded("data", static_cast<void*>(nullptr), [&] { return borrow(handle).data_ptr(); });
}

int64_t ft_storage_offset(void* handle) {
    return guarded("storage offset", static_cast<int64_t>(-1), [&] { return borrow(handle).storage_offset(); });
}

int32_t ft_copy_to_host(void* handle, void* destination, int64_t bytes) {
    return guarded("copy to host", -1, [&] {
        const at::Tensor source = borrow(handle).detach().to(at::kCPU).contiguous();
        TORCH_CHECK(static_cast<int64_t>(source.nbytes()) == bytes, "the tensor has ", source.nbytes(), " bytes, the destination ", bytes);
        if (bytes > 0) std::memcpy(destination, source.data_ptr(), bytes);
        return 0;
    });
}

int32_t ft_item(void* handle, FtValue* value) {
    return guarded("item", -1, [&] {
        const at::Scalar scalar = borrow(handle).item();
        if (scalar.isBoolean()) {
            value->tag = FT_BOOL;
            value->integer = scalar.toBool() ? 1 : 0;
        } else if (scalar.isIntegral(false)) {
            value->tag = FT_INT;
            value->integer = scalar.toLong();
        } else if (scalar.isFloatingPoint()) {
            value->tag = FT_DOUBLE;
            value->real = scalar.toDouble();
        } else {
            const auto number = scalar.toComplexDouble();
            auto* parts = static_cast<double*>(std::malloc(2 * sizeof(double)));
            parts[0] = number.real();
            parts[1] = number.imag();
            value->tag = FT_COMPLEX;
            value->count = 2;
            value->handle = parts;
        }
        return 0;
    });
}

int32_t ft_flags(void* handle) {
    return guarded("flags", -1, [&] {
        const at::Tensor tensor = borrow(handle);
        int32_t flags = 0;
        if (tensor.requires_grad()) flags |= FT_REQUIRES_GRAD;
        if (tensor.is_leaf()) flags |= FT_LEAF;
        if (tensor.layout() == c10::kStrided && tensor.is_contiguous()) flags |= FT_CONTIGUOUS;
        if (tensor.layout() == c10::kStrided && tensor.is_cpu() && tensor.is_pinned()) flags |= FT_PINNED;
        if (tensor.is_sparse()) flags |= FT_SPARSE;
        if (tensor.is_conj()) flags |= FT_CONJ;
        if (tensor.is_neg()) flags |= FT_NEG;
        return flags;
    });
}
