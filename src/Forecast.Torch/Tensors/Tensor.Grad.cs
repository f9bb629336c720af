using Forecast.Torch;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => Has(TensorFlags.RequiresGrad);
            set
            {
                Native.Check(Native.SetRequiresGrad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        /// <summary>The gradient that backward passes added up; null before the first.</summary>
        public Tensor? grad
        {
            get
            {
                unsafe
                {
                    nint gradient;
                    Native.Check(Native.GradOf(Handle, &gradient));
                    GC.KeepAlive(this);
                    return gradient == 0 ? null : new Tensor(gradient);
                }
            }

            set
            {
                Native.Check(Native.SetGrad(Handle, value is null ? 0 : value.Handle));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        /// <summary>Adds the gradient of this scalar to the leaves that it came from.</summary>
        public unsafe void backward()
        {
            var output = Handle;
            Native.Check(Native.Backward(&output, 1, null, 0, 0, null, 0));
            GC.KeepAlive(this);
        }

        /// <summary>Adds the gradient of this tensor, weighted with <paramref name="grad_tensors"/>, to leaves or to <paramref name="inputs"/>.</summary>
        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        /// <summary>Keeps the gradient of a tensor that is no leaf.</summary>
        public void retain_grad()
        {
            Native.Check(Native.RetainGrad(Handle));
            GC.KeepAlive(this);
        }
    }

    /// <summary>Gradients.</summary>
    public static partial class autograd
    {
        /// <summary>Adds gradients of <paramref name="tensors"/> to the leaves they came from.</summary>
        public static unsafe void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            var outputs = Handles(tensors, nameof(tensors));
            var weights = grad_tensors is null ? null : Handles(grad_tensors, nameof(grad_tensors));
            var targets = inputs is null ? [] : Handles(inputs, nameof(inputs));
            if (weights is not null && weights.Length != outputs.Length) throw new ArgumentException($"{outputs.Length} tensors need as many gradients, not {weights.Length}", nameof(grad_tensors));
            fixed (nint* output = outputs, weight = weights, target = targets)
            {
                Native.Check(Native.Backward(output, outputs.Length, weight, retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0, target, targets.Length));
            }

            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        /// <summary>
        /// Gradients of the sum of <paramref name="outputs"/> (weighted with <paramref name="grad_outputs"/>) with respect to each of
        /// <paramref name="inputs"/>; nothing is added to any leaf. An input that was not used gives null when that is allowed.
        /// </summary>
        public static unsafe IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var from = Handles(outputs, nameof(outputs));
            var to = Handles(inputs, nameof(inputs));
            var weights = grad_outputs is null ? null : Handles(grad_outputs, nameof(grad_outputs));
            if (weights is not null && weights.Length != from.Length) throw new ArgumentException($"{from.Length} outputs need as many gradients, not {weights.Length}", nameof(grad_outputs));
            var found = new nint[to.Length];
            fixed (nint* output = from, input = to, weight = weights, result = found)
            {
                Native.Check(Native.Gradients(output, from.Length, weight, input, to.Length, retain_graph || create_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, result));
            }

            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return Array.ConvertAll(found, handle => handle == 0 ? null! : new Tensor(handle));
        }

        /// <summary>Makes backward passes report the forward operator that a NaN came from; slow. Ends with the object returned.</summary>
        public static AnomalyMode detect_anomaly(bool check_nan = true) => new(true, check_nan);

        public static AnomalyMode set_detect_anomaly(bool mode, bool check_nan = true) => new(mode, check_nan);

        private static nint[] Handles(IList<Tensor> tensors, string name)
        {
            ArgumentNullException.ThrowIfNull(tensors, name);
            var handles = new nint[tensors.Count];
            for (var i = 0; i < handles.Length; i++) handles[i] = (tensors[i] ?? throw new ArgumentNullException(name)).Handle;
            return handles;
        }
    }
}

/// <summary>Anomaly detection of autograd, for the time until it is disposed of.</summary>
public class AnomalyMode : IDisposable
{
    private readonly int before = Native.Anomaly();
    private bool ended;

    public AnomalyMode(bool enabled, bool check_nan = true) => Native.Check(Native.SetAnomaly(enabled ? 1 : 0, check_nan ? 1 : 0));

    public static bool IsEnabled => (Native.Anomaly() & 1) != 0;

    public static bool ShouldCheckNaN => (Native.Anomaly() & 2) != 0;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (ended) return;
        ended = true;
        Native.Check(Native.SetAnomaly(before & 1, (before & 2) >> 1));
    }
}
