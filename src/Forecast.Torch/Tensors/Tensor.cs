using System.Runtime.CompilerServices;
using Forecast.Torch;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A libtorch tensor. Members have PyTorch's names and meaning; a trailing underscore works in place and returns the same
    /// object. Its native half is released by <see cref="Dispose()"/>, by the scope it was made in, or at last by the finalizer.
    /// Reading from several threads is fine; disposing of a tensor that another thread still uses is not.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private readonly int kib;
        private nint handle;

        /// <summary>Takes over one count of a native tensor and enters the innermost scope.</summary>
        /// <param name="handle">From the shim; not null.</param>
        /// <param name="kib">Memory that this tensor alone holds.</param>
        internal Tensor(nint handle, int kib = 0)
        {
            this.handle = handle;

            // One more for what surrounds the elements: native object, storage, graph node.
            this.kib = kib + 1;
            NativeMemoryPressure.Add(this.kib);

            var scope = DisposeScope.Innermost;
            if (scope is null) return;
            Scope = scope;
            ScopePlace = scope.Put(this);
        }

        ~Tensor() => Dispose(false);

        /// <summary>How many tensors of this process have not been released.</summary>
        public static long TotalCount => NativeMemoryPressure.Tensors;

        /// <summary>The native tensor. It is valid while this object is: keep it alive across the call that uses it.</summary>
        /// <exception cref="ObjectDisposedException">The tensor was disposed of.</exception>
        public nint Handle
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => handle != 0 ? handle : throw Gone();
        }

        /// <summary>Whether the tensor was disposed of.</summary>
        public bool IsInvalid => handle == 0;

        internal DisposeScope? Scope { get; private set; }

        internal int ScopePlace { get; set; }

        /// <summary>Wraps a handle that the caller owns.</summary>
        public static Tensor UnsafeCreateTensor(nint handle) => new(handle != 0 ? handle : throw new ArgumentException("the handle is null", nameof(handle)));

        /// <summary>Gives the native tensor to the caller; this object is empty afterwards.</summary>
        public nint DecoupleFromNativeHandle()
        {
            var taken = Interlocked.Exchange(ref handle, 0);
            if (taken == 0) throw Gone();
            Forget();
            GC.SuppressFinalize(this);
            return taken;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var old = Interlocked.Exchange(ref handle, 0);
            if (old == 0) return;
            Native.Release(old);
            NativeMemoryPressure.Remove(kib, byFinalizer: !disposing);
            if (!disposing) return;
            Scope?.Leave(this, ScopePlace);
            Scope = null;
        }

        /// <summary>Takes the tensor out of its scope: from now on its holder disposes of it.</summary>
        public Tensor DetachFromDisposeScope()
        {
            EnterScope(null);
            return this;
        }

        /// <summary>Hands the tensor to the scope around the innermost one.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            Scope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope other)
        {
            ArgumentNullException.ThrowIfNull(other);
            EnterScope(other);
            return this;
        }

        /// <summary>Hands the tensor to the scope of another; where that has none, it is let go.</summary>
        public Tensor MoveToOtherDisposeScope(Tensor other)
        {
            ArgumentNullException.ThrowIfNull(other);
            EnterScope(other.Scope);
            return this;
        }

        internal void EnterScope(DisposeScope? scope)
        {
            if (ReferenceEquals(scope, Scope)) return;
            Scope?.Leave(this, ScopePlace);
            Scope = scope;
            if (scope is not null) ScopePlace = scope.Put(this);
        }

        /// <summary>A second object for the same native tensor, with a lifetime of its own.</summary>
        internal Tensor Shared()
        {
            var shared = new Tensor(Native.Share(Handle));
            GC.KeepAlive(this);
            return shared;
        }

        private void Forget()
        {
            NativeMemoryPressure.Remove(kib, byFinalizer: false);
            Scope?.Leave(this, ScopePlace);
            Scope = null;
        }

        private static ObjectDisposedException Gone() => new(nameof(Tensor), "the tensor was disposed of");
    }
}
