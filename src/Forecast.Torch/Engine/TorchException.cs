using System.Runtime.InteropServices;

namespace Forecast.Torch;

/// <summary>
/// A call that libtorch refused. The message names the operator, libtorch's reason and the shapes and types of the arguments.
/// Callers catch it as <see cref="ExternalException"/>, the type that TorchSharp throws.
/// </summary>
internal sealed class TorchException(string message) : ExternalException(message);

/// <summary>The native engine is missing or does not fit; the message says what to do. Thrown by the first use of torch.</summary>
internal sealed class TorchUnavailableException(string message) : DllNotFoundException(message);
