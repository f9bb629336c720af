using Forecast.Torch;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A stream of random numbers of its own, for those operators that take one.</summary>
    public class Generator : IDisposable
    {
        private nint handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? torch.CPU;
            handle = Native.Check(Native.GeneratorCreate((int)this.device.type, this.device.index, unchecked((long)seed)));
        }

        private Generator(Device device)
        {
            this.device = device;
            handle = Native.Check(Native.GeneratorDefault((int)device.type, device.index));
        }

        ~Generator() => Dispose(false);

        /// <summary>The generator that the CPU's operators use when they are given none.</summary>
        public static Generator Default => new(torch.CPU);

        public Device device { get; }

        public nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(Generator));

        public Generator manual_seed(long seed)
        {
            Native.Check(Native.GeneratorSetSeed(Handle, seed));
            GC.KeepAlive(this);
            return this;
        }

        /// <summary>Seeds from the system and returns that seed.</summary>
        public unsafe long seed()
        {
            long seed;
            Native.Check(Native.GeneratorSeed(Handle, &seed));
            GC.KeepAlive(this);
            return seed;
        }

        /// <summary>The seed that the stream started from.</summary>
        public unsafe long initial_seed()
        {
            long seed;
            Native.Check(Native.GeneratorCurrentSeed(Handle, &seed));
            GC.KeepAlive(this);
            return seed;
        }

        /// <summary>Everything that determines what comes next, as bytes; save it to go on to the same bits.</summary>
        public Tensor get_state()
        {
            var state = new Tensor(Native.Check(Native.GeneratorState(Handle)));
            GC.KeepAlive(this);
            return state;
        }

        public void set_state(Tensor value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Native.Check(Native.GeneratorSetState(Handle, value.Handle));
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var old = Interlocked.Exchange(ref handle, 0);
            if (old != 0) Native.GeneratorRelease(old);
        }
    }

    /// <summary>Seeds all devices and returns the CPU's generator.</summary>
    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    /// <summary>Seeds all devices from the system and returns that seed.</summary>
    public static long seed() => random.seed();

    public static long initial_seed() => random.initial_seed();

    public static Tensor get_rng_state() => random.get_rng_state();

    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);

    /// <summary>The generators that operators use when they are given none.</summary>
    public static class random
    {
        /// <summary>Seeds all devices and returns the CPU's generator.</summary>
        public static Generator manual_seed(long seed)
        {
            Native.Check(Native.ManualSeed(seed));
            return Generator.Default;
        }

        /// <summary>Seeds all devices from the system and returns that seed.</summary>
        public static long seed()
        {
            using var generator = Generator.Default;
            var seed = generator.seed();
            cuda.manual_seed_all(seed);
            return seed;
        }

        public static long initial_seed()
        {
            using var generator = Generator.Default;
            return generator.initial_seed();
        }

        public static Tensor get_rng_state()
        {
            using var generator = Generator.Default;
            return generator.get_state();
        }

        public static void set_rng_state(Tensor new_state)
        {
            using var generator = Generator.Default;
            generator.set_state(new_state);
        }
    }
}
