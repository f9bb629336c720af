using Forecast.Torch;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Discrete Fourier transforms. <c>n</c> is the length of the signal (-1: as it is).</summary>
    public static class fft
    {
        public static Tensor fft_(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) => Op.fft_fft.Call(input, Length(n), dim, Name(norm));

        public static Tensor ifft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) => Op.fft_ifft.Call(input, Length(n), dim, Name(norm));

        /// <summary>The transform of real values: the first half of the spectrum, n/2 + 1 complex numbers.</summary>
        public static Tensor rfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) => Op.fft_rfft.Call(input, Length(n), dim, Name(norm));

        /// <summary>Real values of which <paramref name="input"/> is half of the spectrum.</summary>
        public static Tensor irfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) => Op.fft_irfft.Call(input, Length(n), dim, Name(norm));

        public static Tensor fftfreq(long n, double d = 1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Op.fft_fftfreq.Call(n, d, dtype ?? get_default_dtype(), Arg.None, device ?? get_default_device()).Made(requires_grad);

        public static Tensor rfftfreq(long n, double d = 1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Op.fft_rfftfreq.Call(n, d, dtype ?? get_default_dtype(), Arg.None, device ?? get_default_device()).Made(requires_grad);

        private static long? Length(long n) => n < 0 ? null : n;

        private static string Name(FFTNormType norm) => norm switch
        {
            FFTNormType.Forward => "forward",
            FFTNormType.Ortho => "ortho",
            _ => "backward",
        };
    }
}

internal static partial class Op
{
    internal static readonly Operator fft_fft = new("fft_fft");
    internal static readonly Operator fft_ifft = new("fft_ifft");
    internal static readonly Operator fft_rfft = new("fft_rfft");
    internal static readonly Operator fft_irfft = new("fft_irfft");
    internal static readonly Operator fft_fftfreq = new("fft_fftfreq");
    internal static readonly Operator fft_rfftfreq = new("fft_rfftfreq");
}
