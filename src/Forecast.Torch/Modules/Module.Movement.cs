namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>
            /// Moves parameters, their gradients and buffers. The tensors keep their identity (an optimiser made before goes on working);
            /// only what they hold is exchanged. Integer tensors change their device, never their type.
            /// </summary>
            internal void MoveTo(Device? device, ScalarType? dtype, bool non_blocking)
            {
                if (dtype is { } wanted && !is_floating_point(wanted))
                    throw new ArgumentException($"A module can be changed to floating-point types only, not to {wanted}.", nameof(dtype));
                using (no_grad())
                    foreach (var module in new[] { this }.Concat(modules()))
                    {
                        foreach (var parameter in module._ownParameters.Values)
                        {
                            Exchange(parameter, device, dtype, non_blocking);
                            if (parameter.grad is not { } gradient) continue;
                            using (gradient)
                            {
                                var moved = Moved(gradient, device, dtype, non_blocking);
                                if (ReferenceEquals(moved, gradient)) continue;
                                using (moved) parameter.grad = moved;
                            }
                        }
                        foreach (var buffer in module._ownBuffers.Values) Exchange(buffer, device, dtype, non_blocking);
                        module.OnMoved();
                    }
            }

            /// <summary>Called after the module's own tensors were moved, for whatever depends on where they lie.</summary>
            internal virtual void OnMoved()
            {
            }

            private static void Exchange(Tensor tensor, Device? device, ScalarType? dtype, bool non_blocking)
            {
                var moved = Moved(tensor, device, dtype, non_blocking);
                if (ReferenceEquals(moved, tensor)) return;
                using (moved) NnOps.SetData(tensor, moved);
            }

            private static Tensor Moved(Tensor tensor, Device? device, ScalarType? dtype, bool non_blocking)
            {
                var type = dtype is { } wanted && is_floating_point(tensor.dtype) ? wanted : tensor.dtype;
                var place = device ?? tensor.device;
                return type == tensor.dtype && IsAt(tensor, place) ? tensor : tensor.to(type, place, non_blocking: non_blocking);
            }

            private static bool IsAt(Tensor tensor, Device device) =>
                tensor.device_type == device.type && (device.type == DeviceType.CPU || (device.index >= 0 && device.index == tensor.device_index));
        }
    }
}
