using Forecast.Torch;

namespace TorchSharp;

public static partial class torch
{
    public static string __version__
    {
        get
        {
            unsafe
            {
                return Native.Text(Native.Version());
            }
        }
    }

    /// <summary>No graph is recorded on this thread until the object returned is disposed of.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    /// <summary>As <see cref="no_grad"/>, and quicker: tensors made meanwhile never take part in a graph.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_grad_enabled() => Native.GradMode() != 0;

    public static bool is_inference_mode_enabled() => Native.InferenceMode() != 0;

    public static int get_num_threads() => Native.Threads();

    public static void set_num_threads(int num) => Native.Check(Native.SetThreads(num));

    public static int get_num_interop_threads() => Native.InteropThreads();

    /// <summary>Once a process, before the first parallel region.</summary>
    public static void set_num_interop_threads(int num) => Native.Check(Native.SetInteropThreads(num));

    public static bool are_deterministic_algorithms_enabled() => Native.Deterministic(-1) != 0;

    /// <summary>Settings of the backends.</summary>
    public static class backends
    {
        public static class cuda
        {
            public static class matmul
            {
                /// <summary>Whether float32 products on CUDA may round their inputs to TF32 (10 bits of mantissa).</summary>
                public static bool allow_tf32
                {
                    get => (Native.Check(Native.AllowTf32(-1, -1)) & 1) != 0;
                    set => Native.Check(Native.AllowTf32(value ? 1 : 0, -1));
                }
            }
        }

        public static class cudnn
        {
            /// <summary>Whether cuDNN may round float32 inputs to TF32.</summary>
            public static bool allow_tf32
            {
                get => (Native.Check(Native.AllowTf32(-1, -1)) & 2) != 0;
                set => Native.Check(Native.AllowTf32(-1, value ? 1 : 0));
            }
        }
    }

    private sealed class GradMode : IDisposable
    {
        private readonly int before = Native.GradMode();
        private bool ended;

        internal GradMode(bool enabled) => Native.SetGradMode(enabled ? 1 : 0);

        public void Dispose()
        {
            if (ended) return;
            ended = true;
            Native.SetGradMode(before);
        }
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint guard = Native.EnterInferenceMode(enabled ? 1 : 0);

        public void Dispose()
        {
            var old = Interlocked.Exchange(ref guard, 0);
            if (old != 0) Native.LeaveInferenceMode(old);
        }
    }
}
