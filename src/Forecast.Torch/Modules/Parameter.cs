using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A tensor that a module trains: registering it is what makes optimisers see it.</summary>
    public sealed class Parameter : Tensor
    {
        /// <summary>Takes over what <paramref name="data"/> holds; <paramref name="data"/> is empty afterwards.</summary>
        public Parameter(Tensor data, bool requires_grad = true) : base(NnOps.TakeLeaf(data, requires_grad))
        {
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A parameter that takes over what <paramref name="data"/> holds.</summary>
            public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
