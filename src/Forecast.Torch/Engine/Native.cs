using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Forecast.Torch;

/// <summary>The functions of the shim, one for one; see <c>native/forecast_torch.h</c> for what each does.</summary>
internal static unsafe partial class Native
{
    private const string Shim = NativeLoader.Name;

    static Native() => NativeLoader.Register();

    [LibraryImport(Shim, EntryPoint = "ft_error")] internal static partial byte* Error();
    [LibraryImport(Shim, EntryPoint = "ft_version")] internal static partial byte* Version();
    [LibraryImport(Shim, EntryPoint = "ft_build_info")] internal static partial byte* BuildInfo();

    [LibraryImport(Shim, EntryPoint = "ft_operator")] internal static partial nint Operator(byte* name, byte* overload);
    [LibraryImport(Shim, EntryPoint = "ft_call")] internal static partial int Call(nint op, NativeValue* arguments, int count, NativeValue* results, int capacity);
    [LibraryImport(Shim, EntryPoint = "ft_free")] internal static partial void Free(nint memory);

    [LibraryImport(Shim, EntryPoint = "ft_release")] internal static partial void Release(nint tensor);
    [LibraryImport(Shim, EntryPoint = "ft_share")] internal static partial nint Share(nint tensor);
    [LibraryImport(Shim, EntryPoint = "ft_from_memory")] internal static partial nint FromMemory(void* data, long* sizes, int dimensions, int scalarType, delegate* unmanaged<nint, void> deleter, nint context);
    [LibraryImport(Shim, EntryPoint = "ft_info")] internal static partial int Info(nint tensor, NativeTensorInfo* info);
    [LibraryImport(Shim, EntryPoint = "ft_data")] internal static partial void* Data(nint tensor);
    [LibraryImport(Shim, EntryPoint = "ft_storage_offset")] internal static partial long StorageOffset(nint tensor);
    [LibraryImport(Shim, EntryPoint = "ft_copy_to_host")] internal static partial int CopyToHost(nint tensor, void* destination, long bytes);
    [LibraryImport(Shim, EntryPoint = "ft_item")] internal static partial int Item(nint tensor, NativeValue* value);
    [LibraryImport(Shim, EntryPoint = "ft_flags")] internal static partial int Flags(nint tensor);

    [LibraryImport(Shim, EntryPoint = "ft_set_requires_grad")] internal static partial int SetRequiresGrad(nint tensor, int value);
    [LibraryImport(Shim, EntryPoint = "ft_grad_of")] internal static partial int GradOf(nint tensor, nint* gradient);
    [LibraryImport(Shim, EntryPoint = "ft_set_grad")] internal static partial int SetGrad(nint tensor, nint gradient);
    [LibraryImport(Shim, EntryPoint = "ft_retain_grad")] internal static partial int RetainGrad(nint tensor);
    [LibraryImport(Shim, EntryPoint = "ft_backward")] internal static partial int Backward(nint* outputs, int count, nint* gradients, int retainGraph, int createGraph, nint* inputs, int inputCount);
    [LibraryImport(Shim, EntryPoint = "ft_gradients")] internal static partial int Gradients(nint* outputs, int count, nint* gradients, nint* inputs, int inputCount, int retainGraph, int createGraph, int allowUnused, nint* results);
    [LibraryImport(Shim, EntryPoint = "ft_grad_mode")] internal static partial int GradMode();
    [LibraryImport(Shim, EntryPoint = "ft_set_grad_mode")] internal static partial void SetGradMode(int enabled);
    [LibraryImport(Shim, EntryPoint = "ft_inference_mode")] internal static partial int InferenceMode();
    [LibraryImport(Shim, EntryPoint = "ft_enter_inference_mode")] internal static partial nint EnterInferenceMode(int enabled);
    [LibraryImport(Shim, EntryPoint = "ft_leave_inference_mode")] internal static partial void LeaveInferenceMode(nint guard);
    [LibraryImport(Shim, EntryPoint = "ft_autocast")] internal static partial int Autocast(int deviceType, int* enabled, int* scalarType);
    [LibraryImport(Shim, EntryPoint = "ft_set_autocast")] internal static partial int SetAutocast(int deviceType, int enabled, int scalarType);
    [LibraryImport(Shim, EntryPoint = "ft_set_anomaly")] internal static partial int SetAnomaly(int enabled, int checkNan);
    [LibraryImport(Shim, EntryPoint = "ft_anomaly")] internal static partial int Anomaly();

    [LibraryImport(Shim, EntryPoint = "ft_manual_seed")] internal static partial int ManualSeed(long seed);
    [LibraryImport(Shim, EntryPoint = "ft_manual_seed_cuda")] internal static partial int ManualSeedCuda(long seed, int all);
    [LibraryImport(Shim, EntryPoint = "ft_generator_default")] internal static partial nint GeneratorDefault(int deviceType, int deviceIndex);
    [LibraryImport(Shim, EntryPoint = "ft_generator_create")] internal static partial nint GeneratorCreate(int deviceType, int deviceIndex, long seed);
    [LibraryImport(Shim, EntryPoint = "ft_generator_release")] internal static partial void GeneratorRelease(nint generator);
    [LibraryImport(Shim, EntryPoint = "ft_generator_set_seed")] internal static partial int GeneratorSetSeed(nint generator, long seed);
    [LibraryImport(Shim, EntryPoint = "ft_generator_seed")] internal static partial int GeneratorSeed(nint generator, long* seed);
    [LibraryImport(Shim, EntryPoint = "ft_generator_current_seed")] internal static partial int GeneratorCurrentSeed(nint generator, long* seed);
    [LibraryImport(Shim, EntryPoint = "ft_generator_state")] internal static partial nint GeneratorState(nint generator);
    [LibraryImport(Shim, EntryPoint = "ft_generator_set_state")] internal static partial int GeneratorSetState(nint generator, nint state);

    [LibraryImport(Shim, EntryPoint = "ft_threads")] internal static partial int Threads();
    [LibraryImport(Shim, EntryPoint = "ft_set_threads")] internal static partial int SetThreads(int count);
    [LibraryImport(Shim, EntryPoint = "ft_interop_threads")] internal static partial int InteropThreads();
    [LibraryImport(Shim, EntryPoint = "ft_set_interop_threads")] internal static partial int SetInteropThreads(int count);
    [LibraryImport(Shim, EntryPoint = "ft_cuda_devices")] internal static partial int CudaDevices();
    [LibraryImport(Shim, EntryPoint = "ft_cudnn")] internal static partial int Cudnn();
    [LibraryImport(Shim, EntryPoint = "ft_cuda_runtime")] internal static partial int CudaRuntime();
    [LibraryImport(Shim, EntryPoint = "ft_cuda_name")] internal static partial int CudaName(int device, byte* text, int capacity);
    [LibraryImport(Shim, EntryPoint = "ft_cuda_memory")] internal static partial int CudaMemory(int device, DeviceMemory* memory);
    [LibraryImport(Shim, EntryPoint = "ft_cuda_synchronize")] internal static partial int CudaSynchronize(int device);
    [LibraryImport(Shim, EntryPoint = "ft_allow_tf32")] internal static partial int AllowTf32(int matmul, int cudnn);
    [LibraryImport(Shim, EntryPoint = "ft_deterministic")] internal static partial int Deterministic(int value);

    /// <summary>Throws what the shim last failed with on this thread when <paramref name="status"/> is negative.</summary>
    /// <exception cref="TorchException">libtorch refused the call.</exception>
    internal static int Check(int status) => status >= 0 ? status : throw Failure();

    /// <summary>Throws when <paramref name="handle"/> is null, which stands for a failure.</summary>
    /// <exception cref="TorchException">libtorch refused the call.</exception>
    internal static nint Check(nint handle) => handle != 0 ? handle : throw Failure();

    internal static TorchException Failure() => new(Text(Error()));

    internal static string Text(byte* utf8) => Marshal.PtrToStringUTF8((nint)utf8) ?? "";
}
